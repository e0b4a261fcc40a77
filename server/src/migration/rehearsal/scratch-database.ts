import type { Phrase } from '../../text/phrase'
import { namesOfContents } from '../../backup/contents/read-contents'
import { withClient, type DatabaseClient } from '../../database/connect'
import { toDatabaseError } from '../../database/database-errors'
import { describeUrl } from '../../database/describe-url'
import { scratchInUse, scratchIsTheDatabase, scratchNotEmptied, scratchNotEmpty } from './errors'
import type { Place } from './model'
import objectsToDrop from './scratch-objects.sql'
import standingQuery from './scratch-standing.sql'
import type { RealDatabase } from './survey'
import type { EnvironmentVariables } from '../../platform/environment-variables'

export interface ScratchOptions {
  readonly url: string
  readonly real: RealDatabase
  readonly environment: EnvironmentVariables
  readonly signal: AbortSignal
}

/**
 * Passes a database that the user provided to the callback, and empties it afterwards in any case. Refuses the real
 * database, one that is not empty, and one in use by another rehearsal; nothing is dropped there.
 *
 * @throws AuditError `scratch-database-is-real`, `scratch-database-not-empty`, `scratch-database-in-use`,
 * `scratch-database-not-emptied`
 */
export async function withScratchDatabase<Result>(
  options: ScratchOptions,
  callback: (place: Place) => Promise<Result>,
): Promise<Result> {
  const { url, real, environment, signal } = options
  const { named: label } = describeUrl(url)
  // Without the signal: an abort must not close the connection that empties the database.
  return await withClient(url, { environment, applicationName: 'prisma-audit rehearsal' }, async (guard) => {
    signal.throwIfAborted()
    await refuseAllButEmpty(guard, label, real)
    const { rows } = await guard.query<{ version: string }>(`SELECT current_setting('server_version') AS version`)
    const serverVersion = rows[0]?.version.split(' ')[0] ?? ''
    const standing = await guard.query<{ name: string }>(standingQuery)
    try {
      return await callback({ kind: 'scratch', label, serverVersion, url, environment })
    } finally {
      const names = standing.rows.map(({ name }) => name)
      await empty(guard, names).catch((error: unknown) => {
        throw scratchNotEmptied(label, toDatabaseError(error, url))
      })
    }
  })
}

async function refuseAllButEmpty(guard: DatabaseClient, label: Phrase, real: RealDatabase): Promise<void> {
  const { rows } = await guard.query<{ identity: string; taken: boolean }>(
    `SELECT pg_postmaster_start_time()::text || ' ' || current_database() AS identity,
       pg_try_advisory_lock(${REHEARSAL_LOCK}) AS taken`,
  )
  if (rows[0]?.identity === real.identity) throw scratchIsTheDatabase(label)
  if (rows[0]?.taken !== true) throw scratchInUse(label)
  const names = await namesOfContents(guard)
  if (names.length > 0) throw scratchNotEmpty(label, names)
}

/** The bytes of `PrismaRe`. */
const REHEARSAL_LOCK = '5796811614856499813'

/** Drops everything that did not exist before, with its dependents, which are ours too. */
async function empty(guard: DatabaseClient, standing: readonly string[]): Promise<void> {
  const { rows } = await guard.query<{ statement: string }>(objectsToDrop, [standing])
  for (const { statement } of rows) await guard.query(statement)
}
