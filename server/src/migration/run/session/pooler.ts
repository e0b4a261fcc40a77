import { withClient, type DatabaseClient } from '../../../database/connect'

/**
 * Does the connection go through a pooler that hands out a server's session for a transaction at a time? Told by what it
 * does: the key that it greeted us with is not that of the session that answers, and another client is given the very
 * session that we were given, while we are still here. It must be asked before anything is set in the session.
 */
export async function isTransactionPooled(client: DatabaseClient, url: string): Promise<boolean> {
  const mine = await backendPid(client)
  if (!('processID' in client) || client.processID === mine) return false
  return await meetsSession(url, mine, PROBES)
}

/** Each probe keeps the session that it got, so that the next gets another, until one gets ours. */
async function meetsSession(url: string, mine: number, probes: number): Promise<boolean> {
  if (probes === 0) return false
  // A pooler in session mode with no session left would let us wait for one.
  const options = { connectTimeout: 3000, signal: AbortSignal.timeout(3000) }
  try {
    return await withClient(url, options, async (other) => {
      await other.query('BEGIN')
      const found = (await backendPid(other)) === mine || (await meetsSession(url, mine, probes - 1))
      await other.query('ROLLBACK')
      return found
    })
  } catch {
    return false
  }
}

async function backendPid(client: DatabaseClient): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid')
  return rows[0]?.pid ?? 0
}

const PROBES = 4
