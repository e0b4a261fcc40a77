import os from 'node:os'
import { backupCancelled, archiveUnreadable, toDumpError } from '../errors'
import type { PgDump } from './find-pg-dumps'
import { withLibpqEnvironment } from './libpq-environment'
import { runProgram } from './run-program'

/** How long pg_dump waits for the lock of a table, in milliseconds. */
const LOCK_WAIT = 15_000

export interface NativeDumpOptions {
  readonly url: string
  readonly program: PgDump
  /** Overwritten. */
  readonly outputPath: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal | undefined
}

/**
 * Writes an archive in pg_dump's custom format.
 *
 * @throws AuditError as `toDumpError`, or `backup-cancelled`; the output may then be there half-written
 */
export async function dumpNatively(options: NativeDumpOptions): Promise<void> {
  const { url, program, outputPath, environment, signal } = options
  const run = await withLibpqEnvironment(url, environment, (libpq) =>
    runProgram(
      program.path,
      ['--format=custom', '--no-password', `--lock-wait-timeout=${String(LOCK_WAIT)}`, `--file=${outputPath}`],
      { environment: libpq, signal },
    ),
  )
  if (signal?.aborted === true) throw backupCancelled()
  if (run.exitCode !== 0) throw toDumpError(new Error(run.output), url)
}

/**
 * Reads an archive whole, as a restore would; `pg_restore --list` reads its table of contents only, and passes on an archive
 * of which half is gone.
 *
 * @throws AuditError `backup-unreadable`
 */
export async function readArchive(options: {
  readonly program: PgDump
  readonly path: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal | undefined
}): Promise<void> {
  const { program, environment, signal } = options
  const run = await runProgram(program.restorePath, [`--file=${os.devNull}`, options.path], {
    environment: { ...environment, LC_ALL: 'C' },
    signal,
  })
  if (signal?.aborted === true) throw backupCancelled()
  if (run.exitCode !== 0) throw archiveUnreadable(options.path, run.output.trim())
}
