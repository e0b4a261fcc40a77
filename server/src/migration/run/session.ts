import { withClient, type DatabaseClient } from '../../database/connect'
import { isTransactionPooler } from '../../database/connection-settings'
import { releaseAdvisoryLock, takeAdvisoryLock } from './advisory-lock'
import { databaseIsReadOnly, migrationIsRunning, transactionPooler } from './errors'
import { PrismaLock } from './prisma-lock'

export interface SessionOptions {
  readonly url: string
  readonly signal: AbortSignal | undefined
  /** Milliseconds to wait for another migration to end. */
  readonly waitForOther: number
  /** Called when there is somebody to wait for: another migration of ours, or one of Prisma's. */
  readonly onWait?: (holder: string) => void
}

/** A connection that holds the migration lock. */
export interface MigrationSession {
  readonly client: DatabaseClient
  readonly url: string
  readonly prismaLock: PrismaLock
  /**
   * Runs a statement that may take long and may be broken off at any moment without harm: an abort cancels it on the
   * server. Everything else that a session does is short and is waited for.
   */
  interruptible<Result>(work: () => Promise<Result>): Promise<Result>
}

/**
 * Opens a connection with a migration's settings, takes the migration lock, and always lets go.
 */
export async function withMigrationSession<Result>(
  options: SessionOptions,
  callback: (session: MigrationSession) => Promise<Result>,
): Promise<Result> {
  if (isTransactionPooler(options.url)) throw transactionPooler()
  // The signal is not handed on: an abort must not cancel whatever happens to run, but be honoured between the steps.
  return await withClient(options.url, { applicationName: 'prisma-audit migrate' }, async (client) => {
    await prepare(client)
    await takeAdvisoryLock(client, {
      ...options,
      key: LOCK_KEY,
      whose: 'another migration',
      refuse: migrationIsRunning,
    })
    const prismaLock = new PrismaLock(client, options)
    try {
      return await callback({
        client,
        url: options.url,
        prismaLock,
        interruptible: (work) => interruptible(client, options, work),
      })
    } finally {
      await prismaLock.release().catch(() => undefined)
      await releaseAdvisoryLock(client, LOCK_KEY).catch(() => undefined)
    }
  })
}

/** The bytes of `PrismaAu`. Prisma's own migration lock is another (72707369). */
const LOCK_KEY = '5796811614856495477'

/** For what is neither a step nor CONCURRENTLY: the journal's own statements. */
export const SESSION_LOCK_TIMEOUT = '2s'

async function prepare(client: DatabaseClient): Promise<void> {
  await client.query(`
    SELECT set_config('lock_timeout', '${SESSION_LOCK_TIMEOUT}', false), set_config('statement_timeout', '0', false),
      set_config('idle_in_transaction_session_timeout', '60s', false)`)
  // Frees the lock soon after a runner was killed. Servers before 14 and some systems do not have it.
  await client.query(`SET client_connection_check_interval = '1s'`).catch(() => undefined)
  const { rows } = await client.query<{ readonly: boolean }>(
    `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS "readonly"`,
  )
  if (rows[0]?.readonly === true) throw databaseIsReadOnly()
}

async function interruptible<Result>(
  client: DatabaseClient,
  { url, signal }: SessionOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted()
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  let cancelling: Promise<unknown> = Promise.resolve()
  const cancel = () => {
    const ask = (other: DatabaseClient) => other.query('SELECT pg_cancel_backend($1)', [rows[0]?.pid])
    cancelling = withClient(url, { connectTimeout: 3000 }, ask).catch(() => undefined)
  }
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    return await work()
  } finally {
    signal?.removeEventListener('abort', cancel)
    // A cancel request that is still on its way must not hit the next statement.
    await cancelling
  }
}
