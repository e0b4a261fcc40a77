import { withClient } from '../../database/connect'
import type { RestoreNotes, RestoreRequest } from '../backup-way'
import { toRestoreError } from '../restore/errors'
import type { PgDump } from './find-pg-dumps'
import { withLibpqEnvironment } from './libpq-environment'
import { runProgram } from './run-program'

/**
 * Restores an archive with pg_restore, in one transaction where that is asked for.
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
  readonly atomic: boolean
  readonly withoutOwners: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal | undefined
}): Promise<RestoreNotes> {
  const { program, url, signal } = options
  // pg_restore 17 makes a setting that older servers do not know, which is an error, and the first error ends a transaction.
  const stumbles = program.major >= 17 && options.serverMajor < 17
  const settings = await settingsOf(options)
  const run = await withLibpqEnvironment(url, options.environment, (libpq) =>
    runProgram(
      program.restorePath,
      [
        '--no-password',
        ...(stumbles ? [] : [options.atomic ? '--single-transaction' : '--exit-on-error']),
        ...(options.force ? ['--clean', '--if-exists'] : []),
        ...(options.withoutOwners ? ['--no-owner', '--no-privileges'] : []),
        `--dbname=dbname=${quoteConnectionValue(libpq.PGDATABASE ?? '')}`,
        options.path,
      ],
      { environment: { ...libpq, ...settings(libpq.PGOPTIONS) }, signal },
    ),
  )
  if (run.exitCode === 0 || (stumbles && isHarmless(run.output))) return { warnings: warningsIn(run.output) }
  throw toRestoreError(new Error(run.output), url)
}

/**
 * A dump makes the settings that it needs, but for one: with `array_nulls` off, as a role may have it, each NULL within an array
 * would come back as the text NULL. Set in the start-up packet only then, since poolers refuse one with options.
 */
async function settingsOf({ url, environment, signal }: Pick<RestoreRequest, 'url' | 'environment' | 'signal'>) {
  const connect = { environment, ...(signal === undefined ? {} : { signal }) }
  const { rowCount } = await withClient(url, connect, (client) =>
    client.query(
      `SELECT FROM pg_catalog.pg_settings WHERE name OPERATOR(pg_catalog.=) 'array_nulls' AND reset_val OPERATOR(pg_catalog.=) 'off'`,
    ),
  )
  return (given = ''): { PGOPTIONS?: string } =>
    rowCount === 0 ? {} : { PGOPTIONS: `${given} -c array_nulls=on`.trim() }
}

function warningsIn(output: string): string[] {
  return output.split('\n').filter((line) => line.includes('warning: '))
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
