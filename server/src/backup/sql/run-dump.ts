import { withClient, type DatabaseClient } from '../../database/connect'
import { isServersAnswer } from '../../database/database-errors'
import { messageLine } from '../../errors'
import type { RestoreNotes, RestoreRequest } from '../backup-way'
import { firstWords, requireDumpStatement } from './dump-statements'
import droppedObjects from './dropped-objects.sql'
import { portableStatements } from './portable-statements'
import { parseQualifiedName } from './qualified-name'
import { copyTarget, insertTarget, type RowTarget } from './row-target'

/**
 * Restores in a separate session, because a dump changes the session's settings. All or nothing, except in an embedded
 * server, where a rejected statement would end the transaction.
 *
 * @param work receives a function that opens a target for the rows of a COPY
 */
export async function inOneSession(
  request: RestoreRequest,
  work: (client: DatabaseClient, openRows: (statement: string) => RowTarget) => Promise<void>,
): Promise<RestoreNotes> {
  const { url, environment, signal, onRefused } = request
  return await withClient(url, { environment, ...(signal === undefined ? {} : { signal }) }, async (client) => {
    const warnings: string[] = []
    client.on('notice', ({ severity, message }) => {
      if (severity === 'WARNING' && warnings.length < 100) warnings.push(message ?? '')
    })
    const open: RowTarget[] = []
    const isWhole = onRefused === undefined
    if (isWhole) await client.query('BEGIN')
    try {
      await work(client, (statement) => {
        const target = rowTarget(client, statement, request)
        open.push(target)
        return target
      })
      if (isWhole) await client.query('COMMIT')
      return { warnings }
    } catch (error) {
      await open.at(-1)?.giveUp()
      // If the connection is lost, the server rolls back on its own, and the first error is the relevant one.
      if (isWhole) await client.query('ROLLBACK').catch(() => undefined)
      throw error
    }
  })
}

/** Runs SQL of a dump in the session of `inOneSession`, one statement at a time. */
export async function runDump(client: DatabaseClient, sql: string, request: RestoreRequest): Promise<void> {
  const { path, serverMajor, withoutOwners, withoutSubscriptions = false, onRefused } = request
  const { withoutTablespaces = false } = request
  for (const statement of portableStatements(sql, serverMajor)) {
    if (withoutOwners && setsOwner(statement)) continue
    if (withoutTablespaces && SETS_TABLESPACE.test(statement)) continue
    if (withoutSubscriptions && OF_SUBSCRIPTION.test(statement)) continue
    const [word = ''] = firstWords(statement)
    // pg_dump puts large objects between BEGIN and COMMIT, which would end the transaction around the restore.
    if (/^(?:BEGIN|COMMIT)$/.test(word) && statement.endsWith(word)) {
      if (onRefused !== undefined) await client.query(word)
      continue
    }
    requireDumpStatement(path, statement)
    await runStatement(client, statement, request)
  }
}

/** Receives the rows of a COPY of a dump. */
function rowTarget(client: DatabaseClient, statement: string, request: RestoreRequest): RowTarget {
  if (request.onRefused === undefined) return copyTarget(client, statement)
  const { schema, name } = parseQualifiedName(statement, 'COPY '.length) ?? { schema: '', name: '' }
  // As pg_dump writes it, with line breaks as spaces.
  const comment = `-- Data for Name: ${name}; Type: TABLE DATA; Schema: ${schema}; Owner: -`.replace(/[\r\n]/g, ' ')
  return insertTarget(statement, (sql) => runStatement(client, `${comment}\n${sql}`, request))
}

async function runStatement(
  client: DatabaseClient,
  statement: string,
  { onRefused, signal }: Pick<RestoreRequest, 'onRefused' | 'signal'>,
): Promise<void> {
  try {
    await client.query(statement)
  } catch (error) {
    signal?.throwIfAborted()
    if (onRefused === undefined || !isServersAnswer(error)) throw error
    onRefused({ statement: statement.slice(0, LONGEST_REFUSED), reason: messageLine(error) })
  }
}

/** Characters: the comment and the beginning. */
const LONGEST_REFUSED = 1000

/**
 * Drops everything that a dump may contain. Dumps assume that `public` exists, unless it was changed; those create it.
 */
export async function clearDatabase(client: DatabaseClient, dump: string): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(droppedObjects)
  for (const { statement } of rows) await client.query(statement)
  if (/^CREATE SCHEMA public;$/m.test(dump)) return
  const { rows: version } = await client.query<{ number: string }>(
    `SELECT pg_catalog.current_setting('server_version_num') AS number`,
  )
  for (const statement of Number(version[0]?.number) < 150_000 ? PUBLIC_OF_14 : PUBLIC) await client.query(statement)
}

/** As `initdb` creates it. A dump contains only the differences. */
const PUBLIC = [
  'CREATE SCHEMA public AUTHORIZATION pg_database_owner',
  'GRANT USAGE ON SCHEMA public TO PUBLIC',
  `COMMENT ON SCHEMA public IS 'standard public schema'`,
]
const PUBLIC_OF_14 = ['CREATE SCHEMA public', 'GRANT ALL ON SCHEMA public TO PUBLIC', ...PUBLIC.slice(2)]

/** Owners and privileges, after pg_dump's comments. */
function setsOwner(statement: string): boolean {
  const [, word] = SETS_RIGHTS.exec(statement) ?? []
  // A name has up to 63 bytes, some of them doubled: the rest of a long statement does not have to be searched.
  return word !== undefined && (word !== 'ALTER ' || OWNER_AT_END.test(statement.slice(-LONGEST_OWNER)))
}

const SETS_RIGHTS = /^\s*(?:--[^\n]*\n\s*)*(GRANT |REVOKE |ALTER DEFAULT PRIVILEGES |ALTER )/
const OWNER_AT_END = / OWNER TO (?:[^\s"]+|"[^"]*(?:""[^"]*)*")$/
const LONGEST_OWNER = 200

/** Behind pg_dump's comments. */
const SETS_TABLESPACE = /^\s*(?:--[^\n]*\n\s*)*SET default_tablespace = /
const OF_SUBSCRIPTION = /^\s*(?:--[^\n]*\n\s*)*(?:CREATE|ALTER|COMMENT ON|SECURITY LABEL (?:FOR \S+ )?ON) SUBSCRIPTION /
