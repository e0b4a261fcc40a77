import fs from 'node:fs'
import { requireRegularFile } from '../bounded-files'
import { withClient } from '../database/connect'
import { describeUrl } from '../database/describe-url'
import { isAborted } from './aborted'
import { hashFile, readChecksum } from './backup-file'
import { backupChanged, backupMissing, noPgRestore, restoreCancelled, targetNotEmpty, toRestoreError } from './errors'
import { choosePgDump } from './native/choose-pg-dump'
import { readArchive } from './native/dump-natively'
import { findPgDumps } from './native/find-pg-dumps'
import { restoreNatively } from './native/restore-natively'
import objectsQuery from './objects.sql'
import { restorePlainDump } from './restore-plain-dump'

export interface RestoreOptions {
  readonly path: string
  readonly url: string
  /** Restore into a database that has objects already: they are dropped. */
  readonly force?: boolean
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
}

/**
 * Loads a backup of `backUp` into a database, which must be empty unless `force` is set. All or nothing: it runs in one transaction
 * (save with a pg_restore of 17 or newer on an older server, which cannot). The file is checked before anything is written.
 *
 * @throws AuditError those of connecting; `backup-missing`, `backup-changed`, `checksum-unreadable`, `backup-unreadable`, `restore-target-not-empty`,
 *   `pg-restore-missing`, `restore-failed`, `restore-cancelled`
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { url, environment, signal, onProgress } = options
  const force = options.force ?? false
  const connect = { environment, ...(signal === undefined ? {} : { signal }) }
  try {
    if (isAborted(signal)) throw restoreCancelled()
    const format = formatOf(options.path)
    onProgress?.('Checking the backup')
    const checksum = await verifyChecksum(options.path)
    const serverMajor = await withClient(url, connect, async (client) => {
      const objects = await client.query<{ name: string }>(objectsQuery)
      const names = objects.rows.map(({ name }) => name)
      if (names.length > 0 && !force) throw targetNotEmpty(describeUrl(url).label, names)
      const version = await client.query<{ major: number }>(
        `SELECT current_setting('server_version_num')::int / 10000 AS major`,
      )
      return version.rows[0]?.major ?? 0
    })
    if (format === 'plain') {
      onProgress?.('Loading the backup')
      await withClient(url, connect, (client) => restorePlainDump(client, { path: options.path, force }))
      return { tool: 'built-in', checksum }
    }
    const found = await findPgDumps({
      pgDumpPath: options.pgDumpPath ?? null,
      environment,
      signal,
      folders: options.programFolders,
    })
    const { chosen, rejected } = choosePgDump(found, serverMajor)
    if (chosen === null) throw noPgRestore({ serverMajor, rejected, lookedIn: found.lookedIn })
    await readArchive({ program: chosen, path: options.path, environment, signal })
    onProgress?.(`Loading the backup with pg_restore ${chosen.version}`)
    await restoreNatively({ ...options, program: chosen, serverMajor, force })
    return { tool: `pg_restore ${chosen.version} (${chosen.restorePath})`, checksum }
  } catch (error) {
    throw isAborted(signal) ? restoreCancelled() : toRestoreError(error, url)
  }
}

/** The first five bytes of an archive in pg_dump's custom format. */
const ARCHIVE_MARK = 'PGDMP'

function formatOf(file: string): 'custom' | 'plain' {
  requireRegularFile(file)
  try {
    const descriptor = fs.openSync(file, 'r')
    try {
      const start = Buffer.alloc(ARCHIVE_MARK.length)
      fs.readSync(descriptor, start)
      return start.toString('latin1') === ARCHIVE_MARK ? 'custom' : 'plain'
    } finally {
      fs.closeSync(descriptor)
    }
  } catch (error) {
    throw backupMissing(file, error)
  }
}

async function verifyChecksum(file: string): Promise<Restored['checksum']> {
  const expected = readChecksum(file)
  if (expected === null) return 'absent'
  const actual = await hashFile(file)
  if (actual !== expected) throw backupChanged(file, { expected, actual })
  return 'verified'
}
