import { withClient } from '../database/connect'
import { describeUrl } from '../database/describe-url'
import { isAborted } from './aborted'
import { hashFile, readChecksum } from './backup-file'
import { backupChanged, restoreCancelled, targetNotEmpty, toRestoreError } from './errors'
import { readManifest } from './manifest/manifest-file'
import objectsQuery from './objects.sql'
import { formatOf, openReader } from './open-reader'

export interface RestoreOptions {
  readonly path: string
  readonly url: string
  /** Restore into a database that has objects already: they are dropped. */
  readonly force?: boolean
  /** See `RestoreRequest`; true by default. */
  readonly atomic?: boolean
  /** Restore without owners and privileges. */
  readonly withoutOwners?: boolean
  readonly pgDumpPath?: string | null
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal
  readonly onProgress?: (message: string) => void
  /** As in `backUp`. */
  readonly programFolders?: readonly string[]
}

export interface Restored {
  /** `pg_restore 15.18 (/usr/bin/pg_restore)` or `built-in`. */
  readonly tool: string
  /** Whether the file's SHA-256 was held against the one beside it. */
  readonly checksum: 'verified' | 'absent'
  /** What the restore said that is no error. */
  readonly warnings: readonly string[]
}

/**
 * Loads a backup of `backUp` into a database, which must be empty unless `force` is set. All or nothing: it runs in one transaction
 * (save with a pg_restore of 17 or newer on an older server, which cannot). The file is checked before anything is written.
 *
 * @throws AuditError those of connecting; `backup-missing`, `backup-changed`, `checksum-unreadable`, `manifest-invalid`, `backup-unreadable`,
 *   `restore-target-not-empty`, `pg-restore-missing`, `restore-failed`, `restore-cancelled`
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { path, url, environment, signal, onProgress } = options
  const force = options.force ?? false
  const connect = { environment, ...(signal === undefined ? {} : { signal }) }
  try {
    if (isAborted(signal)) throw restoreCancelled()
    formatOf(path)
    onProgress?.('Checking the backup')
    const checksum = await verifyChecksum(path)
    const serverMajor = await withClient(url, connect, async (client) => {
      const objects = await client.query<{ name: string }>(objectsQuery)
      const names = objects.rows.map(({ name }) => name)
      if (names.length > 0 && !force) throw targetNotEmpty(describeUrl(url).label, names)
      const version = await client.query<{ major: number }>(
        `SELECT pg_catalog.current_setting('server_version_num')::int / 10000 AS major`,
      )
      return version.rows[0]?.major ?? 0
    })
    const reader = await openReader(path, { ...options, serverMajor })
    await reader.read({ path, environment, signal })
    onProgress?.(`Loading the backup with ${reader.tool.replace(/ \(.*\)$/, '')}`)
    const { warnings } = await reader.restore({
      ...{
        path,
        url,
        serverMajor,
        force,
        environment,
        signal,
        atomic: options.atomic ?? true,
        withoutOwners: options.withoutOwners ?? false,
      },
    })
    return { tool: reader.tool, checksum, warnings }
  } catch (error) {
    throw isAborted(signal) ? restoreCancelled() : toRestoreError(error, url)
  }
}

/** Is there nothing in it that a restore would replace or fail on? */
export async function isEmptyDatabase({
  url,
  environment,
  signal,
}: Pick<RestoreOptions, 'url' | 'environment' | 'signal'>): Promise<boolean> {
  const options = { environment, ...(signal === undefined ? {} : { signal }) }
  return await withClient(url, options, async (client) => (await client.query(objectsQuery)).rowCount === 0)
}

/** Throws `backup-missing` where there is no such file, and `file-refused` where it is no regular one. */
export function requireBackup(file: string): void {
  formatOf(file)
}

/** Holds the file against the SHA-256 of its manifest and of the file beside it; both must be right where both are there. */
export async function verifyChecksum(file: string): Promise<Restored['checksum']> {
  const expected = [readManifest(file)?.sha256 ?? null, readChecksum(file)].filter((sum) => sum !== null)
  if (expected.length === 0) return 'absent'
  const actual = await hashFile(file)
  const other = expected.find((sum) => sum !== actual)
  if (other !== undefined) throw backupChanged(file, { expected: other, actual })
  return 'verified'
}
