import { toRestoreError } from '../errors'
import type { PgDump } from './find-pg-dumps'
import { withLibpqEnvironment } from './libpq-environment'
import { runProgram } from './run-program'

/**
 * Restores an archive with pg_restore in one transaction.
 *
 * @param options.force drops the archive's objects first
 * @throws AuditError `restore-failed`
 */
export async function restoreNatively(options: {
  readonly path: string
  readonly url: string
  readonly program: PgDump
  readonly serverMajor: number
  readonly force: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal
}): Promise<void> {
  const { program, url, signal } = options
  // pg_restore 17 makes a setting that older servers do not know, which is an error, and the first error ends a transaction.
  const stumbles = program.major >= 17 && options.serverMajor < 17
  const run = await withLibpqEnvironment(url, options.environment, (libpq) =>
    runProgram(
      program.restorePath,
      [
        '--no-password',
        ...(stumbles ? [] : ['--single-transaction']),
        ...(options.force ? ['--clean', '--if-exists'] : []),
        `--dbname=dbname=${quoteConnectionValue(libpq.PGDATABASE ?? '')}`,
        options.path,
      ],
      { environment: libpq, signal },
    ),
  )
  if (run.exitCode === 0) return
  if (stumbles && isHarmless(run.output)) return
  throw toRestoreError(new Error(run.output), url)
}

function isHarmless(output: string): boolean {
  const errors = output.split('\n').filter((line) => line.includes('error: '))
  return (
    errors.length > 0 &&
    errors.every((line) => line.includes('unrecognized configuration parameter "transaction_timeout"'))
  )
}

/** As libpq wants it in a connection string; a bare name with a `=` in it would be taken for such a string. */
function quoteConnectionValue(value: string): string {
  return `'${value.replace(/['\\]/g, '\\$&')}'`
}
