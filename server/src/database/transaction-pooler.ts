import type { EnvironmentVariables } from '../platform/environment-variables'
import { withClient, type DatabaseClient } from './connect'

/**
 * Whether the connection goes through a pooler in transaction mode. It is detected by behavior: the cancel key from the
 * start of the connection is not that of the session that answers, and another client gets the session that we had,
 * while we are connected. Call before anything is set in the session.
 */
export async function isTransactionPooled(
  client: DatabaseClient,
  url: string,
  environment: EnvironmentVariables = process.env,
): Promise<boolean> {
  const mine = await backendPid(client)
  if (!('processID' in client) || client.processID === mine) return false
  return await meetsSession(url, environment, mine, PROBES)
}

/** Each probe keeps its session, so that the next gets another, until one gets ours. */
async function meetsSession(
  url: string,
  environment: EnvironmentVariables,
  mine: number,
  probes: number,
): Promise<boolean> {
  if (probes === 0) return false
  // A pooler in session mode without a free session would make us wait for one.
  const options = { environment, connectTimeout: 3000, signal: AbortSignal.timeout(3000) }
  try {
    return await withClient(url, options, async (other) => {
      await other.query('BEGIN')
      const found = (await backendPid(other)) === mine || (await meetsSession(url, environment, mine, probes - 1))
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
