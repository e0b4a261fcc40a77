import fs from 'node:fs'
import path from 'node:path'
import { makeFolders, renameOver } from '../platform/lasting-files'
import { isOnlyTheirs, userFolder } from '../platform/user-folders'
import { readBoundedText } from '../files/bounded-files'
import { SAID_ENVIRONMENTS, type SaidEnvironment } from '../database/environments'
import { describeUrl } from '../database/describe-url'
import { isLocalHost } from '../database/is-local-url'
import type { ServerIdentity } from '../database/server-identity'
import { AuditError, messageLine } from '../errors'
import { knownDatabasesInvalid, knownDatabasesNotOwn } from './errors'
import type { EnvironmentVariables } from '../platform/environment-variables'
import { phrase } from '../text/phrase'

/**
 * The user's settings for a database, and the server that it was at the time. They belong to the database, not to a
 * project, and apply in the editor and in the terminal.
 */
export interface KnownDatabase {
  readonly host: string
  readonly port: string
  readonly database: string
  readonly systemIdentifier: string | null
  readonly databaseOid: string
  readonly environment: SaidEnvironment | null
  /** We never write to it. */
  readonly readOnly: boolean
}

/**
 * Throws `known-databases-invalid`, `known-databases-not-own`: an unreadable file may contain `production`, so it never
 * counts as absent.
 */
export function readKnownDatabases(environment: EnvironmentVariables): readonly KnownDatabase[] {
  const file = knownDatabasesFile(environment)
  const text = readBoundedText(file, LARGEST)
  if (text === null) return []
  // Also behind a link: anyone who can write it decides which database is not production.
  if (!isOnlyTheirs(fs.statSync(file))) throw knownDatabasesNotOwn(file)
  const databases = parse(text)
  if (databases === null) throw knownDatabasesInvalid(file)
  return databases
}

/** Bytes. */
const LARGEST = 4_000_000

/**
 * Replaces earlier settings of this place; null for both removes them. Through a tunnel, they also apply to the same
 * database under its remote name, but two remote names with the same system identifier may be a database and its copy.
 * Written atomically, readable only by the user.
 */
export function writeKnownDatabase(
  { url, server }: { readonly url: string; readonly server: ServerIdentity },
  said: Pick<KnownDatabase, 'environment' | 'readOnly'>,
  environment: EnvironmentVariables,
): void {
  const { host, port, database } = describeUrl(url)
  const { systemIdentifier, databaseOid } = server
  const now: KnownDatabase = { host, port, database, systemIdentifier, databaseOid, ...said }
  const isOfIt = (known: KnownDatabase) => isSameServer(known, now) && (isLocalHost(known.host) || isLocalHost(host))
  const others = readKnownDatabases(environment)
    .filter((known) => !isSamePlace(known, now))
    .map((known) => (isOfIt(known) ? { ...known, ...said } : known))
  const databases = [...others, now].filter((known) => known.environment !== null || known.readOnly)
  const file = knownDatabasesFile(environment)
  const temporary = `${file}.${process.pid}`
  try {
    makeFolders(path.dirname(file), 0o700)
    const content = { formatVersion: FORMAT, databases }
    fs.writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
    renameOver(temporary, file)
  } catch (error) {
    throw new AuditError('known-databases-unwritable', {
      what: phrase`Cannot save the environment of ${database} on ${host}.`,
      why: messageLine(error),
      nextStep: phrase`Make ${file} writable and answer again.`,
    })
  }
}

/** The settings of the database at this place, or of the database that answers there, under any name. */
export function knownOf(
  known: readonly KnownDatabase[],
  { url, server }: { readonly url: string; readonly server: ServerIdentity | null },
): { readonly here: KnownDatabase | null; readonly elsewhere: readonly KnownDatabase[] } {
  const { host, port, database } = describeUrl(url)
  const here = known.find((each) => isSamePlace(each, { host, port, database })) ?? null
  const same = server === null ? [] : known.filter((each) => each !== here && isSameServer(each, server))
  return { here, elsewhere: same }
}

/** Whether the name now leads to another server. Unknown if the role may not query the identity. */
export function isAnotherServer(known: KnownDatabase, server: ServerIdentity | null): boolean {
  if (server === null || known.systemIdentifier === null || server.systemIdentifier === null) return false
  return !isSameServer(known, server)
}

export function knownDatabasesFile(environment: EnvironmentVariables): string {
  return path.join(userFolder('config', { environment }), 'databases.json')
}

const FORMAT = 1

type Place = Pick<KnownDatabase, 'host' | 'port' | 'database'>

function isSamePlace(one: Place, other: Place): boolean {
  return (
    one.host.toLowerCase() === other.host.toLowerCase() && one.port === other.port && one.database === other.database
  )
}

type Identity = Pick<KnownDatabase, 'systemIdentifier' | 'databaseOid'>

function isSameServer(one: Identity, other: Identity): boolean {
  return (
    one.systemIdentifier !== null &&
    one.systemIdentifier === other.systemIdentifier &&
    one.databaseOid === other.databaseOid
  )
}

function parse(text: string): KnownDatabase[] | null {
  try {
    const content = JSON.parse(text) as { formatVersion?: unknown; databases?: unknown }
    if (content.formatVersion !== FORMAT || !Array.isArray(content.databases)) return null
    return content.databases.every(isKnownDatabase) ? content.databases : null
  } catch {
    return null
  }
}

function isKnownDatabase(value: unknown): value is KnownDatabase {
  if (typeof value !== 'object' || value === null) return false
  const known = value as Record<string, unknown>
  const isText = (name: string) => typeof known[name] === 'string'
  return (
    ['host', 'port', 'database', 'databaseOid'].every(isText) &&
    (known.systemIdentifier === null || isText('systemIdentifier')) &&
    (known.environment === null || SAID_ENVIRONMENTS.some((each) => each === known.environment)) &&
    typeof known.readOnly === 'boolean'
  )
}
