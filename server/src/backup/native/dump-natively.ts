import type { DumpRequest } from '../backup-way'
import { toDumpError } from '../dump-errors'
import { backupCancelled } from '../errors'
import { scopeArguments } from '../scope/scope-arguments'
import type { PgDump } from './find-pg-dumps'
import { withLibpqEnvironment } from './libpq-environment'
import { ProgramFailure } from './run-program'
import { runTool } from './run-tool'

/**
 * For gzip. The default, 6, takes most of a dump's processor time; 1 takes a third of that, and the file is about a
 * sixth larger (docs/bench.md). Newer programs support zstd, but not every pg_restore build of the same version does.
 */
const COMPRESSION = 1

/**
 * Writes an archive in pg_dump's custom format, or with more than one job in its directory format.
 *
 * @throws AuditError as `toDumpError`, or `backup-cancelled`; the output may then be incomplete
 */
export async function dumpNatively(
  request: DumpRequest & { readonly program: PgDump; readonly jobs: number },
): Promise<void> {
  const { url, program, jobs, outputPath, environment, signal } = request
  const { encoding, roleToReturnTo } = request.survey
  const run = await withLibpqEnvironment(url, environment, (libpq) =>
    runTool(
      program,
      'pg_dump',
      [
        ...(jobs > 1 ? ['--format=directory', `--jobs=${jobs}`] : ['--format=custom']),
        ...[`--compress=${COMPRESSION}`, '--no-password'],
        ...[`--lock-wait-timeout=${request.lockWaitSeconds}s`, { option: '--file=', file: outputPath }],
        ...(request.snapshot === null ? [] : [`--snapshot=${request.snapshot}`]),
        ...(roleToReturnTo === null ? [] : [`--role=${roleToReturnTo}`]),
        ...scopeArguments(request.scope),
      ],
      // An archive is read back as UTF-8, while a role may have an encoding that cannot represent all stored data.
      // SQL_ASCII is any bytes.
      { environment: { ...libpq, PGCLIENTENCODING: encoding === 'SQL_ASCII' ? encoding : 'UTF8' }, signal },
    ),
  )
  if (signal?.aborted === true) throw backupCancelled()
  if (run.exitCode !== 0) throw toDumpError(new ProgramFailure(run), url)
}
