import type { DatabaseClient } from '../../database/connect'
import { toDatabaseError } from '../../database/database-errors'
import type { Step } from '../model'
import { tableLocked } from './errors'
import { describeLockHolders } from './lock-holders'
import { LockNotHad } from './retry'
import { SESSION_LOCK_TIMEOUT, type MigrationSession } from './session'

/** A transaction that waits for each lock no longer than `lockTimeout` milliseconds. */
export async function inTransaction<Result>(
  client: DatabaseClient,
  lockTimeout: number,
  work: () => Promise<Result>,
): Promise<Result> {
  await client.query('BEGIN')
  try {
    await client.query(`SET LOCAL lock_timeout = ${lockTimeout}`)
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/**
 * For CONCURRENTLY, outside a transaction: it waits for old transactions without keeping anybody out, so here, and only
 * here, a long wait for a lock harms nobody. An abort ends it.
 */
export async function patiently<Result>(session: MigrationSession, work: () => Promise<Result>): Promise<Result> {
  await session.client.query('SET lock_timeout = 0')
  try {
    return await session.interruptible(work)
  } finally {
    await session.client.query(`SET lock_timeout = '${SESSION_LOCK_TIMEOUT}'`).catch(() => undefined)
  }
}

/** An error for the user where the cause is known: who held the lock, what the server said. */
export async function explainFailure({ client, url }: MigrationSession, step: Step, error: unknown): Promise<unknown> {
  if (!(error instanceof LockNotHad)) return toDatabaseError(error, url)
  const holders = await describeLockHolders(client, step.lock.tables).catch(() => [])
  return tableLocked(step.lock.tables, error.seconds, holders)
}
