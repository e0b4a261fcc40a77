import { withClient, type DatabaseClient } from '../../database/connect'
import { phraseOfBlocker, readUsersOfObjects } from '../../database/blockers'
import { isLockTimeout, isServersAnswer } from '../../database/database-errors'
import { messageLine } from '../../errors'
import type { Phrase } from '../../text/phrase'
import type { RestoreNotes, RestoreRequest } from '../backup-way'
import { objectsInUse } from '../restore-errors'
import { firstWords, requireDumpStatement } from './dump-statements'
import droppedObjects from './dropped-objects.sql'
import { portableStatements } from './portable-statements'
import { parseQualifiedName } from './qualified-name'
import { copyTarget, insertTarget, type RowTarget } from './row-target'

/** The session in which a dump is restored. */
export interface RestoreSession {
  readonly client: DatabaseClient
  /** Opens a target for the rows of a COPY. */
  openRows(statement: string): RowTarget
  /** Between BEGIN and COMMIT of the dump, which may come in separate texts. */
  isInBlock: boolean
  /** Call after statements, with their number. */
  statementsEnded(count: number): Promise<void>
}

/**
 * Restores in a separate session, because a dump changes the session's settings. In one transaction if the request is
 * `atomic`, otherwise in several: one holds a lock on each of its objects, and their number is limited. In an embedded
 * server without any, because a rejected statement would end it.
 */
export async function inOneSession(
  request: RestoreRequest,
  work: (session: RestoreSession) => Promise<void>,
): Promise<RestoreNotes> {
  const { url, environment, signal, onRefused, atomic } = request
  return await withClient(url, { environment, ...(signal === undefined ? {} : { signal }) }, async (client) => {
    const warnings: string[] = []
    client.on('notice', ({ severity, message }) => {
      if (severity === 'WARNING' && warnings.length < 100) warnings.push(message ?? '')
    })
    let target: RowTarget | null = null
    let statements = 0
    const hasTransaction = onRefused === undefined
    if (hasTransaction) await client.query('BEGIN')
    try {
      await work({
        client,
        isInBlock: false,
        openRows: (statement) => (target = rowTarget(client, statement, request)),
        async statementsEnded(count) {
          if (!hasTransaction || atomic || this.isInBlock) return
          statements += count
          if (statements < STATEMENTS_PER_TRANSACTION) return
          statements = 0
          await client.query('COMMIT')
          await client.query('BEGIN')
        },
      })
      if (hasTransaction) await client.query('COMMIT')
      return { warnings }
    } catch (error) {
      await (target as RowTarget | null)?.giveUp()
      // If the connection is lost, the server rolls back on its own, and the first error is the relevant one.
      if (hasTransaction) await client.query('ROLLBACK').catch(() => undefined)
      throw error
    }
  })
}

/** Each statement locks a few objects; a server has room for 64 for each of its connections, by default 6,400. */
const STATEMENTS_PER_TRANSACTION = 250

/**
 * Runs SQL of a dump in the session of `inOneSession`: one statement at a time, except those of large objects, because
 * a dump may have millions, and a round trip takes longer than they do.
 */
export async function runDump(session: RestoreSession, sql: string, request: RestoreRequest): Promise<void> {
  const { path, serverMajor, withoutOwners, withoutSubscriptions = false, onRefused } = request
  const { withoutTablespaces = false } = request
  let together: string[] = []
  let size = 0
  const run = async (statements: readonly string[]) => {
    if (statements.length === 0) return
    // On lines of their own: a statement may end in a comment.
    await runStatement(session.client, statements.join('\n;\n'), request)
    await session.statementsEnded(statements.length)
  }
  const runTogether = async () => {
    await run(together)
    together = []
    size = 0
  }
  for (const statement of portableStatements(sql, serverMajor)) {
    if (withoutOwners && setsOwner(statement)) continue
    if (withoutTablespaces && SETS_TABLESPACE.test(statement)) continue
    if (withoutSubscriptions && OF_SUBSCRIPTION.test(statement)) continue
    const [word = ''] = firstWords(statement)
    // pg_dump puts large objects between BEGIN and COMMIT, which would end the transaction around the restore.
    if (/^(?:BEGIN|COMMIT)$/.test(word) && statement.endsWith(word)) {
      await runTogether()
      session.isInBlock = word === 'BEGIN'
      if (onRefused !== undefined) await session.client.query(word)
      continue
    }
    requireDumpStatement(path, statement)
    // What an embedded server rejects is reported statement by statement.
    if (onRefused === undefined && OF_LARGE_OBJECT.test(statement)) {
      together.push(statement)
      size += statement.length
      if (together.length >= MOST_TOGETHER || size >= MOST_CHARACTERS) await runTogether()
      continue
    }
    await runTogether()
    await run([statement])
  }
  await runTogether()
}

/** Behind pg_dump's comments. */
const OF_LARGE_OBJECT =
  /^\s*(?:--[^\n]*\n\s*)*(?:SELECT pg_catalog\.lo(?:_create|_put|_open|write|_close)\(|(?:ALTER|COMMENT ON|(?:GRANT|REVOKE) [A-Z, ]+ ON) LARGE OBJECT )/
const MOST_TOGETHER = 100
/** More than one statement only where they are small: a larger text is kept in memory longer. */
const MOST_CHARACTERS = 60_000

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
 * Does not wait without end for whoever uses it, since everybody else waits behind us meanwhile. It may even be somebody
 * who waits for us where the server cannot see it, such as the reader of a backup, which waits for its pg_dump.
 *
 * @throws AuditError `lock-timeout`
 */
export async function clearDatabase(
  client: DatabaseClient,
  dump: string,
  { url, lockWaitSeconds = 15 }: Pick<RestoreRequest, 'url' | 'lockWaitSeconds'>,
): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(droppedObjects)
  await client.query(`SET lock_timeout = '${lockWaitSeconds}s'`)
  try {
    for (const { statement } of rows) await client.query(statement)
  } catch (error) {
    if (!isLockTimeout(error)) throw error
    await client.query('ROLLBACK')
    const holders = await describeHolders(client, lockWaitSeconds)
    throw objectsInUse({ url, seconds: lockWaitSeconds, holders }, error)
  }
  await client.query('RESET lock_timeout')
  if (/^CREATE SCHEMA public;$/m.test(dump)) return
  const { rows: version } = await client.query<{ number: string }>(
    `SELECT pg_catalog.current_setting('server_version_num') AS number`,
  )
  for (const statement of Number(version[0]?.number) < 150_000 ? PUBLIC_OF_14 : PUBLIC) await client.query(statement)
}

/** Who held a lock all the time, each as a phrase: whoever waited behind us has its lock only now. */
async function describeHolders(client: DatabaseClient, seconds: number): Promise<Phrase[]> {
  const users = await readUsersOfObjects(client).catch(() => [])
  return users.filter((user) => (user.seconds ?? Infinity) >= Math.floor(seconds)).map(phraseOfBlocker)
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
