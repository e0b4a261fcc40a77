import type net from 'node:net'
import pg from 'pg'

export type Query = (url: string, sql: string, parameters?: readonly unknown[]) => Promise<Record<string, unknown>[]>

export interface KeptConnection {
  /** Several statements if there are no parameters. Returns the last one's rows. */
  readonly query: Query
  /** Ends the connection that waits for the next query, so that nobody is connected to its database. */
  readonly close: () => Promise<void>
}

/**
 * Each query finds a session as if it were new, but the last connection is used again if it is to the same database:
 * opening one costs the server more than most queries. Queries at the same time have connections of their own.
 */
export function keepConnection(): KeptConnection {
  let kept: Connection | null = null

  async function open(url: string): Promise<Connection> {
    if (kept?.url === url) {
      const connection = kept
      kept = null
      socketOf(connection.client).ref()
      // Its server may have ended it.
      if (await isCleared(connection.client)) return connection
      await end(connection)
    }
    await close()
    const client = new pg.Client({ connectionString: url, application_name: 'prisma-audit-test' })
    // A server that is stopped on purpose ends this connection; the query itself reports what matters.
    client.on('error', () => undefined)
    await client.connect()
    return { url, client }
  }

  async function keepOrEnd(connection: Connection): Promise<void> {
    if (!(await isCleared(connection.client))) {
      await end(connection)
      return
    }
    const other = kept
    kept = connection
    // It must not keep mocha running.
    socketOf(connection.client).unref()
    // That of another query, which ended meanwhile.
    if (other !== null) await end(other)
  }

  async function close(): Promise<void> {
    const connection = kept
    kept = null
    if (connection !== null) await end(connection)
  }

  async function query(url: string, sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]> {
    const connection = await open(url)
    let rows: Record<string, unknown>[]
    try {
      const result: unknown = await connection.client.query(sql, parameters === undefined ? undefined : [...parameters])
      const last = (Array.isArray(result) ? result.at(-1) : result) as pg.QueryResult<Record<string, unknown>>
      ;({ rows } = last)
    } catch (error) {
      await end(connection)
      throw error
    }
    if (SETTINGS_OF_NEW_SESSIONS.test(sql)) await end(connection)
    else await keepOrEnd(connection)
    return rows
  }

  return { query, close }
}

interface Connection {
  readonly url: string
  readonly client: pg.Client
}

const SETTINGS_OF_NEW_SESSIONS = /\bALTER\s+(?:DATABASE|ROLE|USER|SYSTEM)\b/i

/** Whether nothing of the session is left: no setting, lock, temporary table or transaction. */
async function isCleared(client: pg.Client): Promise<boolean> {
  try {
    await client.query('DISCARD ALL')
    return true
  } catch {
    return false
  }
}

async function end({ client }: Connection): Promise<void> {
  socketOf(client).ref()
  await client.end()
}

function socketOf(client: pg.Client): net.Socket {
  return (client.connection as unknown as { stream: net.Socket }).stream
}
