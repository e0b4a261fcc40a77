import type { DatabaseClient } from '../../database/connect'
import { nextToken } from '../../text/sql-tokens'
import type { RestoreNotes, RestoreRequest } from '../backup-way'
import { archiveUnreadable } from '../errors'
import droppedObjects from './dropped-objects.sql'
import { portableStatements } from './portable-statements'

/** Runs SQL of a dump in the transaction that `inOneTransaction` began, statement by statement. */
export async function runDump(
  client: DatabaseClient,
  sql: string,
  { path, withoutOwners }: Pick<RestoreRequest, 'path' | 'withoutOwners'>,
): Promise<void> {
  for (const statement of portableStatements(sql)) {
    if (withoutOwners && SETS_OWNER.test(statement)) continue
    const word = firstWord(statement)
    // pg_dump puts large objects between BEGIN and COMMIT, which would end the transaction that takes all back.
    if (/^(?:BEGIN|COMMIT)$/.test(word) && statement.endsWith(word)) continue
    if (ENDS_TRANSACTION.has(word))
      throw archiveUnreadable(path, `It has the statement ${word}, which pg_dump does not write.`)
    await client.query(statement)
  }
}

/**
 * Does all of it or nothing, in a session of its own, since a dump changes the session's settings.
 *
 * @param giveUp before the ROLLBACK, after an error
 */
export async function inOneTransaction(
  client: DatabaseClient,
  work: () => Promise<void>,
  giveUp: () => Promise<void> = () => Promise.resolve(),
): Promise<RestoreNotes> {
  const warnings: string[] = []
  client.on('notice', ({ severity, message }) => {
    if (severity === 'WARNING' && warnings.length < 100) warnings.push(message ?? '')
  })
  await client.query('BEGIN')
  try {
    await work()
    await client.query('COMMIT')
    return { warnings }
  } catch (error) {
    await giveUp()
    // Where the connection is gone the server rolls back by itself, and the first error is what matters.
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** Drops all that a dump may hold. One takes it that `public` is there, unless it was changed; then it makes it. */
export async function clearDatabase(client: DatabaseClient, dump: string): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(droppedObjects)
  for (const { statement } of rows) await client.query(statement)
  if (/^CREATE SCHEMA public;$/m.test(dump)) return
  const { rows: version } = await client.query<{ number: string }>(
    `SELECT pg_catalog.current_setting('server_version_num') AS number`,
  )
  for (const statement of Number(version[0]?.number) < 150_000 ? PUBLIC_OF_14 : PUBLIC) await client.query(statement)
}

/** As `initdb` makes it. A dump says only what is otherwise. */
const PUBLIC = [
  'CREATE SCHEMA public AUTHORIZATION pg_database_owner',
  'GRANT USAGE ON SCHEMA public TO PUBLIC',
  `COMMENT ON SCHEMA public IS 'standard public schema'`,
]
const PUBLIC_OF_14 = ['CREATE SCHEMA public', 'GRANT ALL ON SCHEMA public TO PUBLIC', ...PUBLIC.slice(2)]

/** Owners and privileges, behind pg_dump's comments. */
const SETS_OWNER =
  /^(?:--[^\n]*\n|\s)*(?:GRANT |REVOKE |ALTER DEFAULT PRIVILEGES |ALTER [A-Z ]+ [^;]* OWNER TO (?:[^\s"]+|"(?:[^"]|"")*")$)/

const ENDS_TRANSACTION: ReadonlySet<string> = new Set([
  ...['BEGIN', 'START', 'COMMIT', 'END', 'ROLLBACK', 'ABORT', 'SAVEPOINT', 'RELEASE', 'PREPARE'],
])

/** In capitals, behind comments. */
function firstWord(statement: string): string {
  let token = nextToken(statement, 0)
  while (token?.kind === 'comment') token = nextToken(statement, token.end)
  return token?.text.toUpperCase() ?? ''
}
