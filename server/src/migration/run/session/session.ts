import { setTimeout as pause } from 'node:timers/promises'
import { withClient, type DatabaseClient } from '../../../database/connect'
import { SET_SEARCH_PATH } from '../../../database/search-path'
import {
  leaveRoleOfDatabase,
  SESSION_SETTINGS,
  setConfigCalls,
  WITHOUT_TIMEOUTS,
} from '../../../database/session-settings'
import { readServerIdentity, type ServerIdentity } from '../../../database/server-identity'
import { isTransactionPooled } from '../../../database/transaction-pooler'
import { AuditError } from '../../../errors'
import { isAdvisoryLockHeld, releaseAdvisoryLock, takeAdvisoryLock } from './advisory-lock'
import { databaseIsReadOnly, migrationIsRunning, transactionPooler } from './errors'
import { PrismaLock } from './prisma-lock'

export interface SessionOptions {
  readonly url: string
  /** The server that the plan was made for: another one at the URL is refused. Without it, any server. */
  readonly server?: ServerIdentity
  readonly signal: AbortSignal | undefined
  /** Milliseconds to wait for another migration to end. */
  readonly waitForOther: number
  /** Called when another session must be waited for: a migration of ours, or one of Prisma's. */
  readonly onWait?: (holder: string) => void
}

/** A connection that holds the migration lock. */
export interface MigrationSession {
  readonly client: DatabaseClient
  readonly url: string
  /** Additional connections, for which its process id is valid, lead to it too. */
  readonly server: ServerIdentity
  /** The pid of the server process. */
  readonly pid: number
  readonly prismaLock: PrismaLock
  /**
   * Runs a statement that may take long and can be interrupted at any time: an abort cancels it on the server. All
   * other statements of a session are short and are waited for.
   */
  interruptible<Result>(work: () => Promise<Result>): Promise<Result>
}

/** Opens a connection with a migration's settings, takes the migration lock, and always releases it. */
async function withMigrationSession<Result>(
  options: SessionOptions,
  callback: (session: MigrationSession) => Promise<Result>,
): Promise<Result> {
  // The signal is not passed on: an abort must not cancel an arbitrary statement, but is checked between the steps.
  const expected = options.server === undefined ? {} : { server: options.server }
  return await withClient(options.url, { applicationName: 'prisma-audit migrate', ...expected }, async (client) => {
    if (await isTransactionPooled(client, options.url)) throw transactionPooler()
    const server = options.server ?? (await readServerIdentity(client))
    const pid = await prepare(client)
    await takeAdvisoryLock(client, {
      ...options,
      key: LOCK_KEY,
      whose: 'another migration',
      refuse: migrationIsRunning,
    })
    const prismaLock = new PrismaLock(client, options)
    try {
      const session = { client, url: options.url, server, pid, prismaLock }
      return await callback({ ...session, interruptible: (work) => interruptible(session, options, work) })
    } finally {
      await prismaLock.release().catch(() => undefined)
      await releaseAdvisoryLock(client, LOCK_KEY).catch(() => undefined)
    }
  })
}

/**
 * The same, repeated while the connection breaks: the journal shows what was done, so each new session continues from
 * there. A failure before a session has started is not retried.
 */
export async function withResumedSession<Result>(
  options: SessionOptions,
  callback: (session: MigrationSession) => Promise<Result>,
): Promise<Result> {
  const connection: { hasBegun: boolean; server: ServerIdentity | undefined } = {
    hasBegun: false,
    server: options.server,
  }
  for (let attempt = 1; ; attempt++) {
    try {
      const { server } = connection
      return await withMigrationSession({ ...options, ...(server === undefined ? {} : { server }) }, (session) => {
        connection.hasBegun = true
        connection.server = session.server
        return callback(session)
      })
    } catch (error) {
      if (options.signal?.aborted === true || !connection.hasBegun) throw error
      if (!isConnectionLost(error) || attempt >= CONNECTIONS) throw error
      await pause(500 * attempt, undefined, options.signal === undefined ? {} : { signal: options.signal })
    }
  }
}

/** Whether the connection was lost, or the server is unreachable. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof AuditError && (error.code === 'connection-lost' || error.code === 'server-unreachable')
}

/** How often the connection may break in one call. */
const CONNECTIONS = 5

/** Whether a migration or rollback is running on this database. */
export async function isMigrationRunning(client: DatabaseClient): Promise<boolean> {
  return await isAdvisoryLockHeld(client, LOCK_KEY)
}

/** The bytes of `PrismaAu`. Prisma's own migration lock is another (72707369). */
const LOCK_KEY = '5796811614856495477'

/** For statements that are neither a step nor CONCURRENTLY: those of the journal. */
export const SESSION_LOCK_TIMEOUT = '2s'

/** Returns the pid of the server process. */
async function prepare(client: DatabaseClient): Promise<number> {
  // Behind a pooler that reserves the session for us, it is not set yet.
  await client.query(SET_SEARCH_PATH)
  await client.query(WITHOUT_TIMEOUTS)
  const settings = setConfigCalls({ ...SESSION_SETTINGS, lock_timeout: SESSION_LOCK_TIMEOUT }, 'false')
  await client.query(`SELECT ${leaveRoleOfDatabase('false')}, ${settings}`)
  // Releases the lock soon after a runner was killed. Servers before 14 and some systems do not support it.
  await client.query(`SET client_connection_check_interval = '1s'`).catch(() => undefined)
  // For roles that may: in a deadlock with the application, our transaction is cancelled, and an autovacuum yields to
  // us within a single attempt.
  await client.query(`SET deadlock_timeout = '150ms'`).catch(() => undefined)
  const { rows } = await client.query<{ readonly: boolean; replica: boolean; pid: number }>(
    `SELECT current_setting('transaction_read_only')::boolean AS "readonly", pg_is_in_recovery() AS replica,
       pg_backend_pid() AS pid`,
  )
  const [row] = rows
  if (row === undefined || row.replica || row.readonly)
    throw databaseIsReadOnly(row?.replica === true ? 'replica' : 'session')
  return row.pid
}

async function interruptible<Result>(
  { url, server, pid }: Pick<MigrationSession, 'url' | 'server' | 'pid'>,
  { signal }: SessionOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted()
  let cancelling: Promise<unknown> = Promise.resolve()
  const cancel = () => {
    const ask = (other: DatabaseClient) => other.query('SELECT pg_catalog.pg_cancel_backend($1)', [pid])
    // A pooler without a free session would make us wait for one.
    cancelling = withClient(url, { server, connectTimeout: 3000, signal: AbortSignal.timeout(3000) }, ask).catch(
      () => undefined,
    )
  }
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    return await work()
  } finally {
    signal?.removeEventListener('abort', cancel)
    // A cancel request that is still in transit must not hit the next statement.
    await cancelling
  }
}
