import { withClient } from '../../database/connect'
import { quoteIdentifier } from '../../database/quote'
import { childEnvironment } from '../../embedded/child-environment'
import embeddedExtensions from '../../embedded/extensions.json'
import { startEmbeddedServer } from '../../embedded/start-embedded-server'
import { AuditError, messageLine } from '../../errors'
import { isAborted } from '../aborted'
import type { BackupReader, BackupScope, Inventory, RefusedStatement } from '../backup-way'
import type { DatabaseContents } from '../contents/model'
import { readContents } from '../contents/read-contents'
import type { BackupManifest } from '../manifest/manifest'
import {
  describeMissing,
  findMissingNeeds,
  findMissingTablespaces,
  findUntrustedOwners,
  warningsOfTablespaces,
} from '../needs'
import { differencesOfContents, notCompared } from './compare-contents'
import { EMBEDDED_LIMIT } from '../estimate'
import { judgePartialLoad } from './judge-partial-load'
import { toRestoreError } from '../restore-errors'
import { createScratchDatabase } from '../scratch-database'
import { counted } from '../../text/amounts'
import { listPhrases } from '../../text/bounded-list'
import { inPlainEnglish, phrase, type Phrase } from '../../text/phrase'
import type { EnvironmentVariables } from '../../platform/environment-variables'

export interface RestoreRehearsal {
  readonly path: string
  readonly reader: BackupReader
  /** The contents of the database; null if not recorded: then it is only proven that the backup restores. */
  readonly expected: DatabaseContents | null
  readonly scope: BackupScope['kind']
  /** A server that allows a scratch database; null: an embedded server. */
  readonly server: { readonly url: string; readonly major: number; readonly isSuperuser: boolean } | null
  /** Of the database; null if not recorded. */
  readonly databaseBytes: number | null
  /** For the embedded server, which has only its own role. */
  readonly needs: BackupManifest['needs']
  /** According to the backup itself. */
  readonly owners: readonly string[]
  readonly inventory: Inventory
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((message: Phrase) => void) | undefined
  /** The application's own test of the restored database: level 4. */
  readonly smoke?: SmokeTest | undefined
}

export type SmokeTest = (url: string) => Promise<SmokeOutcome>

export interface SmokeOutcome {
  readonly outcome: 'passed' | 'failed' | 'not proven'
  /** A part of a sentence. */
  readonly detail: string
}

export interface RehearsedRestore {
  /** `not proven`: the place could not load it, which says nothing about the backup. */
  readonly outcome: 'passed' | 'failed' | 'not proven'
  /** A part of a sentence. */
  readonly detail: string
  /** Null if there is none, or if it was not reached. */
  readonly smoke: SmokeOutcome | null
}

/** Restores a backup into an empty place, compares everything with the database's contents, and deletes it again. */
export async function rehearseRestore(rehearsal: RestoreRehearsal): Promise<RehearsedRestore> {
  const place = await openPlace(rehearsal)
  if (typeof place === 'string') return { outcome: 'not proven', detail: place, smoke: null }
  try {
    return await restoreAndCompare(rehearsal, place)
  } finally {
    await place.close()
  }
}

interface Place {
  readonly url: string
  /** `a scratch database`. */
  readonly words: Phrase
  readonly major: number
  readonly withoutOwners: boolean
  readonly missingTablespaces: readonly string[]
  close(): Promise<void>
}

/** Or why there is none. */
async function openPlace({
  server,
  databaseBytes,
  needs: recorded,
  owners,
  inventory,
  environment,
  signal,
  onProgress,
}: RestoreRehearsal): Promise<Place | string> {
  if (server === null && (databaseBytes ?? 0) > EMBEDDED_LIMIT)
    return 'it is too large for the embedded PostgreSQL; restoring it on the server needs a role with CREATEDB'
  const needs = {
    roles: [...new Set([...recorded.roles, ...owners])],
    owners: [...new Set([...recorded.owners, ...owners])],
    extensions: recorded.extensions,
  }
  try {
    if (server !== null) {
      const connect = { environment, ...(signal === undefined ? {} : { signal }) }
      const { missing, missingTablespaces, untrusted } = await withClient(server.url, connect, async (client) => ({
        missingTablespaces: await findMissingTablespaces(client, inventory),
        missing: await findMissingNeeds(client, needs),
        untrusted: await findUntrustedOwners(client, needs.owners),
      }))
      if (untrusted.length > 0)
        return `roles with fewer privileges (${listPhrases(untrusted)}) own code that a restore would run with your privileges`
      if (missing.roles.length + missing.extensions.length > 0)
        return `the server has no ${describeMissing(missing)}, which the backup needs`
      const scratch = await createScratchDatabase(server.url, { environment, signal })
      const { url } = scratch
      const withoutOwners = !server.isSuperuser
      const words = withoutOwners
        ? phrase`a scratch database without owners and privileges`
        : phrase`a scratch database`
      return { url, words, major: server.major, withoutOwners, missingTablespaces, close: () => scratch.drop() }
    }
    const { extensions, roles } = needs
    const lacking = extensions.filter((name) => !embeddedExtensions.includes(name))
    if (lacking.length > 0) onProgress?.(phrase`The embedded PostgreSQL has no extensions ${lacking}`)
    const embedded = await startEmbeddedServer({ extensions, ...(signal === undefined ? {} : { signal }) })
    const missingTablespaces = await withClient(embedded.url, { environment: {} }, async (client) => {
      for (const role of roles.filter((name) => name !== 'postgres'))
        await client.query(`CREATE ROLE ${quoteIdentifier(role)}`)
      return await findMissingTablespaces(client, inventory)
    })
    const close = () => embedded.stop()
    const words = phrase`an embedded PostgreSQL`
    return { url: embedded.url, words, major: 18, withoutOwners: false, missingTablespaces, close }
  } catch (error) {
    signal?.throwIfAborted()
    return error instanceof AuditError ? `${error.message} ${error.why}` : messageLine(error)
  }
}

async function restoreAndCompare(rehearsal: RestoreRehearsal, place: Place): Promise<RehearsedRestore> {
  const { path, reader, expected, signal, onProgress } = rehearsal
  // Our own environment's connection variables do not apply to the embedded server.
  const environment = rehearsal.server === null ? childEnvironment(rehearsal.environment) : rehearsal.environment
  onProgress?.(phrase`Restoring the backup into ${place.words}`)
  let warnings: readonly string[]
  const refused: RefusedStatement[] = []
  try {
    const { url, major: serverMajor, withoutOwners, missingTablespaces } = place
    const notes = await reader.restore({
      path,
      url,
      serverMajor,
      withoutOwners,
      withoutTablespaces: missingTablespaces.length > 0,
      withoutSubscriptions: true,
      atomic: false,
      force: false,
      environment,
      signal,
      onRefused: rehearsal.server === null ? (statement) => void refused.push(statement) : undefined,
    })
    warnings = [...warningsOfTablespaces(missingTablespaces), ...notes.warnings]
  } catch (error) {
    if (isAborted(signal)) throw error
    const reason = reasonOf(toRestoreError(error, place.url))
    const outcome = rehearsal.server === null || LIES_IN_THE_PLACE.test(reason) ? 'not proven' : 'failed'
    const detail = `it does not restore into ${inPlainEnglish(place.words)}: ${reason}`
    return { outcome, detail, smoke: null }
  }
  const options = { environment, ...(signal === undefined ? {} : { signal }) }
  const found = await withClient(place.url, options, (client) =>
    readContents(client, (name, done, count) =>
      onProgress?.(phrase`Comparing ${name} (${String(done + 1)} of ${String(count)})`),
    ),
  )
  if (refused.length > 0) {
    const judged = judgePartialLoad({ expected: expected?.tables ?? null, loaded: found.tables, refused })
    return { ...judged, smoke: null }
  }
  const given = { scope: rehearsal.scope, withoutOwners: place.withoutOwners }
  const differences = expected === null ? [] : differencesOfContents(expected, found, given)
  if (differences.length > 0) return { outcome: 'failed', detail: listPhrases(differences), smoke: null }
  const said = warnings.length === 0 ? '' : `; ${counted(warnings.length, 'warning')}: ${listPhrases(warnings)}`
  const smoke = await testRestored(rehearsal, place)
  const leftOut = expected === null ? null : notCompared(expected, found, given)
  const passedOver = leftOut === null ? '' : `; not compared: ${leftOut}`
  const detail = `restored into ${inPlainEnglish(place.words)}: ${describe(found, expected, rehearsal.scope)}${passedOver}${said}`
  // It restores, but equality is not proven yet.
  return { outcome: expected === null ? 'not proven' : 'passed', detail, smoke }
}

async function testRestored({ smoke, scope, server }: RestoreRehearsal, { url }: Place): Promise<SmokeOutcome | null> {
  if (smoke === undefined) return null
  if (scope !== 'database')
    return { outcome: 'not proven', detail: 'an application cannot work with a backup that has no rows' }
  // All connections of an embedded server share one session.
  if (server === null) return { outcome: 'not proven', detail: 'the smoke test needs a scratch database on the server' }
  return await smoke(url)
}

function describe(found: DatabaseContents, expected: DatabaseContents | null, scope: BackupScope['kind']): string {
  const held = expected ?? found
  const constraints = held.objects.filter(({ kind }) => kind === 'constraint').length
  const contents = `${describeTables(held, scope)} and ${counted(constraints, 'constraint')}`
  return expected === null
    ? `${contents}; the original contents were not recorded`
    : `${contents}, equal to the database's`
}

/** `3 tables with 12 rows`; without rows for a structure: `3 tables`. */
export function describeTables({ tables, objects }: DatabaseContents, scope: BackupScope['kind']): string {
  if (scope === 'structure') return counted(objects.filter(({ kind }) => kind === 'table').length, 'table')
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  return `${counted(tables.length, 'table')} with ${counted(rows, 'row')}`
}

function reasonOf(error: unknown): string {
  if (error instanceof AuditError)
    return error.why
      .split('\n')
      .map((line) => line.replace(/^\s*\|\s*/, ''))
      .slice(0, 6)
      .join(' ')
  return messageLine(error)
}

/** Features that a place lacks or forbids say nothing about the backup. */
const LIES_IN_THE_PLACE =
  /permission denied|must be (?:owner|superuser|a member|able to)|extension "[^"]*" is not available|extension control file|superuser|No space left|out of shared memory|could not extend file|lock timeout|terminating connection|(?:role|subscription) "[^"]*" does not exist|Connection terminated|server closed|already exists in/i
