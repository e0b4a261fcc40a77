import { phraseOfTitle } from '../../plan/step-titles'
import type { DatabaseClient } from '../../../database/connect'
import { errorCode, toDatabaseError } from '../../../database/database-errors'
import { setConfigCalls } from '../../../database/session-settings'
import type { Step } from '../../model'
import type { BlockerWatch } from './blocker-watch'
import { serverDiskFull, tableLocked, waitedTooLong } from './errors'
import { describeLockHolders } from './lock-holders'
import { explainEventTrigger } from '../session/event-triggers'
import { LockNotHad } from './retry'
import { SESSION_LOCK_TIMEOUT, type MigrationSession } from '../session/session'

/** Settings by name, for one transaction. */
export interface LocalSettings extends Readonly<Record<string, string>> {
  /** Every transaction has a lock timeout, with a unit. */
  readonly lock_timeout: string
}

/** A transaction with its own settings, which takes one round trip to begin. */
export async function inTransaction<Result>(
  client: DatabaseClient,
  settings: LocalSettings,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    await client.query(`BEGIN; SELECT ${setConfigCalls(settings, 'true')}`)
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/**
 * For CONCURRENTLY, outside a transaction: it waits for old transactions without blocking anyone, so only here a long
 * lock timeout is harmless. An abort ends it, and so does the watch's longest wait if no one can be asked.
 */
export async function patiently<Result>(
  session: MigrationSession,
  watch: Pick<BlockerWatch, 'longestWait' | 'lastSeen'>,
  work: () => Promise<Result>,
): Promise<Result> {
  await session.client.query(`SET lock_timeout = ${String(watch.longestWait)}`)
  try {
    return await session.interruptible(work)
  } catch (error) {
    // Another attempt would not succeed either, and each would leave an invalid index.
    if (errorCode(error) === LOCK_NOT_AVAILABLE) throw waitedTooLong(watch.longestWait / 1000, watch.lastSeen())
    throw error
  } finally {
    await session.client.query(`SET lock_timeout = '${SESSION_LOCK_TIMEOUT}'`).catch(() => undefined)
  }
}

/** Converts an error to one for the user if the cause is known: who held the lock, what the server reported. */
export async function explainFailure({ client, url }: MigrationSession, step: Step, error: unknown): Promise<unknown> {
  if (errorCode(error) === DISK_FULL && error instanceof Error) return serverDiskFull(error.message)
  if (!(error instanceof LockNotHad)) {
    return (await explainEventTrigger(client, error, phraseOfTitle(step.title))) ?? toDatabaseError(error, url)
  }
  const holders = await describeLockHolders(client, step.lock.tables).catch(() => [])
  return tableLocked(step.lock.tables, error.seconds, holders)
}

const LOCK_NOT_AVAILABLE = '55P03'

const DISK_FULL = '53100'
