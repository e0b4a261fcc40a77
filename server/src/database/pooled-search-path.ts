import type pg from 'pg'
import { SET_LOCAL_SEARCH_PATH, SET_SEARCH_PATH } from './search-path'
import { leaveRoleOfDatabase, SESSION_SETTINGS, setConfigCalls } from './session-settings'

/**
 * What `openClient` otherwise sets for the session: the server's session has the database's role and settings again.
 */
const SETTINGS = [
  SET_LOCAL_SEARCH_PATH,
  `SELECT ${leaveRoleOfDatabase('true')}, ${setConfigCalls(SESSION_SETTINGS, 'true')}`,
]

/**
 * For a connection on which no setting may outlive a transaction, because a pooler may give the server session to
 * another client, whose names would then not be found: each query gets its own transaction that makes our settings,
 * and each transaction of the caller makes them first. If the caller sets the search path for the session, that is
 * relied upon.
 */
export function setSearchPathInEachTransaction(client: pg.Client): void {
  const send = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>
  let isSet = false
  let open = 0
  let last: Promise<unknown> = Promise.resolve()
  const inTransaction = async (given: readonly unknown[]): Promise<unknown> => {
    await send(['BEGIN', ...SETTINGS].join('; '))
    try {
      return await send(...given)
    } finally {
      await send('COMMIT')
    }
  }
  const inTurn = (given: readonly unknown[]): Promise<unknown> => {
    open++
    // No query of another caller comes between the three statements.
    const answer = last.then(() => inTransaction(given))
    last = answer.catch(() => undefined).finally(() => open--)
    return answer
  }
  const query = (...given: unknown[]): unknown => {
    const text = textOf(given[0])
    if (text === SET_SEARCH_PATH) isSet = true
    const isOutside = client.getTransactionStatus() === 'I' || open > 0
    if (isSet || text === null || !isOutside || typeof given.at(-1) === 'function') return send(...given)
    if (QUERY.test(text)) return inTurn(given)
    const [begin, snapshot] = BEGIN.exec(text) ?? []
    if (begin === undefined || given.length > 1) return send(...given)
    const whole = `${[begin, ...SETTINGS].join('; ')}${text.slice(begin.length)}`
    const own = snapshot === undefined ? 1 : 2
    return send(typeof given[0] === 'string' ? whole : { ...(given[0] as object), text: whole }).then((results) =>
      withoutSettings(results, own),
    )
  }
  client.query = query as pg.Client['query']
}

/**
 * For statements outside transactions behind a pooler that has reserved a session for us (session mode): makes the
 * settings for that session, which the pooler resets when we leave. Changes nothing on a direct connection.
 */
export async function setUpReservedSession(client: pg.Client): Promise<void> {
  await client.query(SET_SEARCH_PATH)
  await client.query(`SELECT ${leaveRoleOfDatabase('false')}`)
}

/** Our longer ones begin with comments. */
const QUERY = /^(?:\s|--[^\n]*\n)*(?:SELECT|WITH)\b/i

/**
 * With a snapshot, which PostgreSQL accepts only before the transaction's first query, such as that of our settings.
 */
const BEGIN = /^\s*(?:BEGIN|START\s+TRANSACTION)\b[^;]*(;\s*SET\s+TRANSACTION\s+SNAPSHOT\b[^;]*)?/i

/** Callers find their results by the position of the statement. `before` of theirs come before our settings. */
function withoutSettings(results: unknown, before: number): unknown {
  if (!Array.isArray(results)) return results
  const own: readonly unknown[] = results.filter((_, place) => place < before || place >= before + SETTINGS.length)
  return own.length === 1 ? own[0] : own
}

/** Null if it is not a statement, such as the streams of COPY. */
function textOf(query: unknown): string | null {
  if (typeof query === 'string') return query
  const { text, submit } = (query ?? {}) as { readonly text?: unknown; readonly submit?: unknown }
  return typeof text === 'string' && submit === undefined ? text : null
}
