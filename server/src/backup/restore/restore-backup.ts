import { withClient, type DatabaseClient } from '../../database/connect'
import { describeUrl } from '../../database/describe-url'
import { isTransactionPooled } from '../../database/transaction-pooler'
import { isAborted } from '../aborted'
import { describeProgram, type BackupReader } from '../backup-way'
import { poolerKeepsSettings } from '../errors'
import { toRestoreError } from '../restore-errors'
import {
  backupDiffersFromManifest,
  restoreCancelled,
  restoreNeedsLocks,
  targetNotEmpty,
  targetSubscribes,
} from './errors'
import { foreseeLocks, type ForeseenLocks } from './foresee-locks'
import { hasContents, namesOfContents, readContents } from '../contents/read-contents'
import type { BackupManifest } from '../manifest/manifest'
import { readManifest } from '../manifest/manifest-file'
import { findMissingTablespaces, warningsOfTablespaces } from '../needs'
import { differencesOfContents, differencesOfInventory, notCompared } from '../proof/compare-contents'
import { requireIdentities } from '../encryption/age'
import { formatOf, openReader, requireBackupFile } from '../open-reader'
import { verifyChecksum, type ChecksumState } from '../verify-checksum'
import { englishOrNull, inPlainEnglish, phrase, type Phrase } from '../../text/phrase'
import { firstOf } from '../../text/bounded-list'
import type { EnvironmentVariables } from '../../platform/environment-variables'

export interface RestoreOptions {
  readonly path: string
  readonly url: string
  /** Of the backup, if it was read before: it has as many objects as the database. Null: there is none. */
  readonly manifest?: BackupManifest | null
  /** Restore into a database that already has objects: they are dropped. */
  readonly force?: boolean
  /** How long that waits for a lock; default: 15. */
  readonly lockWaitSeconds?: number
  /** See `RestoreRequest`; default: true. */
  readonly atomic?: boolean
  /** Restore without owners and privileges. */
  readonly withoutOwners?: boolean
  readonly pgDumpPath?: string | null
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal
  readonly onProgress?: (message: Phrase) => void
  /** As in `backUp`. */
  readonly programFolders?: readonly string[]
}

export interface Restored {
  /** `pg_restore 15.18 (/usr/bin/pg_restore)` or `built-in`. */
  readonly tool: string
  /** Whether the file's SHA-256 was compared with the one next to it. */
  readonly checksum: ChecksumState
  /** Messages of the restore that are not errors. */
  readonly warnings: readonly string[]
  /** The comparison of the restored database with the manifest; null without a manifest. */
  readonly comparison: RestoreComparison | null
}

export interface RestoreComparison {
  /** Empty: equal. */
  readonly differences: readonly string[]
  /** What was not compared, in words; null: nothing. */
  readonly leftOut: string | null
  readonly tables: number
  readonly rows: number
  readonly largeObjects: number
}

/**
 * Loads a backup of `backUp` into a database, which must be empty unless `force` is set. All or nothing, in one
 * transaction (except with a pg_restore of 17 or newer on an older server, which does not allow it). The file is
 * checked before anything is written. If a manifest records the contents of the database, the backup is compared with
 * it before and the restored database afterwards.
 *
 * @throws AuditError those of connecting; `transaction-pooler`; those of `formatOf`, `backup-changed`, `backup-differs`,
 * `checksum-unreadable`, `manifest-invalid`, `restore-target-not-empty`, `restore-target-subscribes`,
 * `restore-needs-locks`, `lock-timeout`, `pg-restore-missing`, `restore-failed`, `restore-cancelled`
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  try {
    return await loadBackup(options)
  } catch (error) {
    throw restoreError(error, options, options.url)
  }
}

/** The same with errors as they come: the database may get another name before anyone hears of it. */
export async function loadBackup(options: RestoreOptions): Promise<Restored> {
  const { path, url, environment, signal, onProgress } = options
  const { force = false, lockWaitSeconds = 15, withoutOwners = false, atomic = true } = options
  const connect = { environment, ...(signal === undefined ? {} : { signal }) }
  signal?.throwIfAborted()
  requireBackupFile(path)
  onProgress?.(phrase`Checking the backup`)
  const checksum = await verifyChecksum(path)
  if (formatOf(path) === 'encrypted') requireIdentities(path, environment)
  const { manifest = readManifest(path) } = options
  const serverMajor = await withClient(url, connect, async (client) => {
    if (await isTransactionPooled(client, url, environment)) throw poolerKeepsSettings(describeUrl(url).named)
    const names = await namesOfContents(client)
    if (names.length > 0 && !force) throw targetNotEmpty(describeUrl(url).named, names)
    if (force) await requireReplaceable(client, { url, manifest })
    const version = await client.query<{ major: number }>(
      `SELECT pg_catalog.current_setting('server_version_num')::int / 10000 AS major`,
    )
    return version.rows[0]?.major ?? 0
  })
  const reader = await openReader(path, { ...options, serverMajor })
  const missingTablespaces = await checkContents(reader, manifest, options)
  onProgress?.(phrase`Loading the backup with ${reader.tool.name}`)
  const { warnings } = await reader.restore({
    ...{ path, url, serverMajor, force, lockWaitSeconds, environment, signal, atomic, withoutOwners },
    withoutTablespaces: missingTablespaces.length > 0,
  })
  const comparison = manifest === null ? null : await compareRestored(manifest, options)
  const tablespaces = warningsOfTablespaces(missingTablespaces).map(inPlainEnglish)
  return { tool: describeProgram(reader.tool), checksum, warnings: [...tablespaces, ...warnings], comparison }
}

/**
 * Reads the whole backup, and compares it with its manifest. Its table of contents is forgotten then: a database may
 * have hundreds of thousands of objects.
 */
async function checkContents(
  reader: BackupReader,
  manifest: BackupManifest | null,
  { path, url, environment, signal }: RestoreOptions,
): Promise<string[]> {
  const inventory = await reader.read({ path, environment, signal })
  if (manifest !== null && manifest.contents !== null) {
    const differences = differencesOfInventory(manifest.contents, inventory, manifest.scope.kind)
    if (differences.length > 0) throw backupDiffersFromManifest(path, firstOf(differences, '; '))
  }
  const connect = { environment, ...(signal === undefined ? {} : { signal }) }
  return await withClient(url, connect, (client) => findMissingTablespaces(client, inventory))
}

/** @param url the database as the user knows it */
export function restoreError(error: unknown, { signal }: Pick<RestoreOptions, 'signal'>, url: string): unknown {
  return isAborted(signal) ? restoreCancelled() : toRestoreError(error, url)
}

/**
 * Whether the database can be replaced in one transaction: asked before a person is asked, and before anything is
 * changed. The locks are counted with those of the manifest.
 *
 * @throws AuditError `restore-target-subscribes`, `restore-needs-locks`
 */
export async function requireReplaceable(
  client: DatabaseClient,
  { url, manifest }: { readonly url: string; readonly manifest: BackupManifest | null },
): Promise<ForeseenLocks> {
  await requireNoSubscriptions(client, url)
  const locks = await foreseeLocks(client, manifest)
  if (locks.outlook === 'fails') throw restoreNeedsLocks(describeUrl(url).named, locks)
  return locks
}

/**
 * A subscription cannot be dropped in the transaction that replaces the database, and with it goes a slot of another
 * server.
 */
async function requireNoSubscriptions(client: DatabaseClient, url: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT s.subname::pg_catalog.text AS name FROM pg_catalog.pg_subscription AS s
     JOIN pg_catalog.pg_database AS d ON d.oid OPERATOR(pg_catalog.=) s.subdbid
     WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database() ORDER BY 1`,
  )
  const names = rows.map(({ name }) => name)
  if (names.length > 0) throw targetSubscribes(describeUrl(url).named, names)
}

/** Whether it contains nothing that a restore would replace or fail on. */
export async function isEmptyDatabase({
  url,
  environment,
  signal,
}: Pick<RestoreOptions, 'url' | 'environment' | 'signal'>): Promise<boolean> {
  const options = { environment, ...(signal === undefined ? {} : { signal }) }
  return await withClient(url, options, async (client) => !(await hasContents(client)))
}

async function compareRestored(
  { contents, scope }: BackupManifest,
  { url, environment, signal, onProgress, withoutOwners = false }: RestoreOptions,
): Promise<RestoreComparison | null> {
  if (contents === null) return null
  const found = await withClient(url, { environment, ...(signal === undefined ? {} : { signal }) }, (client) =>
    readContents(client, (name, done, count) => onProgress?.(phrase`Comparing ${name} (${done + 1} of ${count})`)),
  )
  const given = { scope: scope.kind, withoutOwners }
  const leftOut = notCompared(contents, found, given)
  return {
    differences: differencesOfContents(contents, found, given).map(inPlainEnglish),
    leftOut: englishOrNull(leftOut),
    tables: found.tables.length,
    rows: found.tables.reduce((sum, { rows }) => sum + rows, 0),
    largeObjects: found.largeObjects?.count ?? 0,
  }
}
