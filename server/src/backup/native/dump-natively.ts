import type { BackupScope } from '../backup-way'
import { backupCancelled } from '../errors'
import { toDumpError } from '../dump-errors'
import { scopeArguments } from '../scope/scope-arguments'
import type { Survey } from '../survey'
import type { PgDump } from './find-pg-dumps'
import { withLibpqEnvironment } from './libpq-environment'
import { runProgram } from './run-program'

/** How long pg_dump waits for the lock of a table, in milliseconds. */
const LOCK_WAIT = 15_000

export interface NativeDumpOptions {
  readonly url: string
  readonly program: PgDump
  readonly survey: Pick<Survey, 'encoding'>
  readonly scope: BackupScope
  /** Of `pg_export_snapshot`; null: one of its own. */
  readonly snapshot: string | null
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
  const { encoding } = options.survey
  const run = await withLibpqEnvironment(url, environment, (libpq) =>
    runProgram(
      program.path,
      [
        ...['--format=custom', '--no-password', `--lock-wait-timeout=${String(LOCK_WAIT)}`, `--file=${outputPath}`],
        ...(options.snapshot === null ? [] : [`--snapshot=${options.snapshot}`]),
        ...scopeArguments(options.scope),
      ],
      // An archive is read back as UTF-8, and a role may have an encoding that lacks what is stored. SQL_ASCII is any bytes.
      { environment: { ...libpq, PGCLIENTENCODING: encoding === 'SQL_ASCII' ? encoding : 'UTF8' }, signal },
    ),
  )
  if (signal?.aborted === true) throw backupCancelled()
  if (run.exitCode !== 0) throw toDumpError(new Error(run.output), url)
}
