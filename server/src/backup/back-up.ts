import fs from 'node:fs'
import { withClient } from '../database/connect'
import { isAborted } from './aborted'
import { claimFile } from './backup-file'
import { dumpWithBuiltIn } from './built-in/run-built-in-dump'
import { BUILT_IN_VERSION } from './built-in/version'
import { chooseBackupTool } from './choose-backup-tool'
import { backupCancelled } from './errors'
import { dumpNatively, readArchive } from './native/dump-natively'
import { findPgDumps, type PgDump } from './native/find-pg-dumps'
import { provePlainDump } from './prove-plain-dump'
import { countRows, type RowCounts } from './row-counts'
import { surveyDatabase, type Survey } from './survey'

export interface BackUpOptions {
  readonly url: string
  /** Made if it is not there. */
  readonly directory: string
  /** The user's setting: a pg_dump or the folder that holds it. Null: look for one. */
  readonly pgDumpPath?: string | null
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal
  readonly onProgress?: (message: string) => void
  readonly now: Date
  /** Where to look for pg_dump beside PATH, with `*` for any folder; where installers put it by default. */
  readonly programFolders?: readonly string[]
}

/** A backup that is on the disk and proven. Plain data. */
export interface Backup {
  readonly path: string
  readonly bytes: number
  /** Hex; also in `<path>.sha256`, in the format of sha256sum. */
  readonly sha256: string
  /** `pg_dump 15.18 (/usr/bin/pg_dump)` or `built-in pg_dump 18.3`. */
  readonly tool: string
  /** What was done to know that it can be restored, and what that leaves open. A part of a sentence. */
  readonly proof: string
  /** `custom` is for pg_restore; `plain` is SQL. `restoreBackup` takes both. */
  readonly format: 'custom' | 'plain'
}

/**
 * Backs a database up: by the best pg_dump of this machine or, where none is new enough, by the built-in one if the database
 * is small. The file gets its name only when it has been read back; on failure and cancellation nothing is left.
 *
 * @throws AuditError those of connecting; `backup-not-permitted`, `backup-row-security`, `backup-table-locked`, `disk-full`,
 *   `backup-folder-not-writable`, `pg-dump-missing`, `backup-unreadable`, `backup-proof-failed`, `backup-needs-pg-dump`,
 *   `backup-cancelled`, `backup-failed`
 */
export async function backUp(options: BackUpOptions): Promise<Backup> {
  try {
    if (isAborted(options.signal)) throw backupCancelled()
    const survey = await surveyDatabase(options.url, options)
    const found = await findPgDumps({
      pgDumpPath: options.pgDumpPath ?? null,
      environment: options.environment,
      signal: options.signal,
      folders: options.programFolders,
    })
    const tool = chooseBackupTool({ found, server: survey, pgDumpPath: options.pgDumpPath ?? null })
    if (tool.kind === 'none') throw tool.error
    return tool.kind === 'native'
      ? await backUpNatively(options, survey, tool.program)
      : await backUpWithBuiltIn(options, survey)
  } catch (error) {
    throw isAborted(options.signal) ? backupCancelled() : error
  }
}

async function backUpNatively(options: BackUpOptions, survey: Survey, program: PgDump): Promise<Backup> {
  const { url, environment, signal, onProgress } = options
  const file = claimFile(options.directory, survey.database, options.now, 'dump')
  try {
    onProgress?.(`Dumping ${survey.database} with pg_dump ${program.version}`)
    await dumpNatively({ url, program, outputPath: file.partialPath, environment, signal })
    onProgress?.('Reading the backup back')
    await readArchive({ program, path: file.partialPath, environment, signal })
    return {
      ...(await file.publish()),
      tool: `pg_dump ${program.version} (${program.path})`,
      proof: `pg_restore ${program.version} read the whole archive`,
      format: 'custom',
    }
  } finally {
    file.discard()
  }
}

async function backUpWithBuiltIn(options: BackUpOptions, survey: Survey): Promise<Backup> {
  const { signal, onProgress } = options
  const file = claimFile(options.directory, survey.database, options.now, 'sql')
  try {
    onProgress?.(`Dumping ${survey.database} with the built-in pg_dump`)
    const expected = await dumpAndCount(options, survey, file.partialPath)
    onProgress?.('Loading the backup into an embedded PostgreSQL')
    const proof = await provePlainDump({ path: file.partialPath, survey, expected, signal })
    return { ...(await file.publish()), tool: `built-in pg_dump ${BUILT_IN_VERSION}`, proof, format: 'plain' }
  } finally {
    file.discard()
  }
}

/**
 * Dumps, and counts the rows in the same snapshot, so that a busy database gives equal figures. PGlite, whose connections share
 * one session, would wait for itself; there the rows are counted before.
 */
async function dumpAndCount(options: BackUpOptions, survey: Survey, partialPath: string): Promise<RowCounts> {
  const { url, environment, signal } = options
  const dump = async (snapshot: readonly string[]) => {
    // The dump makes the file itself, and the empty one only kept its place.
    fs.rmSync(partialPath)
    await dumpWithBuiltIn({
      url,
      args: ['--rows-per-insert=500', '--lock-wait-timeout=15s', ...snapshot],
      outputPath: partialPath,
      environment,
      signal,
    })
  }
  return await withClient(url, { environment, ...(signal === undefined ? {} : { signal }) }, async (client) => {
    if (survey.isEmbedded) {
      const counts = await countRows(client)
      await dump([])
      return counts
    }
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const result = await client.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot')
    const counts = await countRows(client)
    await dump([`--snapshot=${result.rows[0]?.snapshot ?? ''}`])
    await client.query('COMMIT')
    return counts
  })
}
