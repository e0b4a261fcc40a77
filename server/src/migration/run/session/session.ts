import { setTimeout as pause } from 'node:timers/promises'
import { withClient, type DatabaseClient } from '../../../database/connect'
import { SET_SEARCH_PATH } from '../../../database/search-path'
import { SESSION_SETTINGS, setConfigCalls, WITHOUT_TIMEOUTS } from '../../../database/session-settings'
import { readServerIdentity, type ServerIdentity } from '../../../database/server-identity'
import { AuditError } from '../../../errors'
import { isTransactionPooled } from './pooler'
import { isAdvisoryLockHeld, releaseAdvisoryLock, takeAdvisoryLock } from './advisory-lock'
import { databaseIsReadOnly, migrationIsRunning, transactionPooler } from './errors'
import { PrismaLock } from './prisma-lock'

export interface SessionOptions {
  readonly url: string
  /** The one that the plan was made for: another that answers at the URL is refused. Without it, the first that answers. */
  readonly server?: ServerIdentity
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
  /** Further connections, whose process ids mean something only there, lead to it too. */
  readonly server: ServerIdentity
  /** Of the server's process. */
  readonly pid: number
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
async function withMigrationSession<Result>(
  options: SessionOptions,
  callback: (session: MigrationSession) => Promise<Result>,
): Promise<Result> {
  // The signal is not handed on: an abort must not cancel whatever happens to run, but be honoured between the steps.
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
 * The same, again and again while the connection breaks: whatever was done and whatever was not stands in the journal, so
 * that each new session goes on from there. What broke before a session had begun is not tried again.
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

/** Did the connection break, or is the server away? */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof AuditError && (error.code === 'connection-lost' || error.code === 'server-unreachable')
}

/** How often the connection may break in one call. */
const CONNECTIONS = 5

/** Does anybody migrate this database, or roll back, at this moment? */
export async function isMigrationRunning(client: DatabaseClient): Promise<boolean> {
  return await isAdvisoryLockHeld(client, LOCK_KEY)
}

/** The bytes of `PrismaAu`. Prisma's own migration lock is another (72707369). */
const LOCK_KEY = '5796811614856495477'

/** For what is neither a step nor CONCURRENTLY: the journal's own statements. */
export const SESSION_LOCK_TIMEOUT = '2s'

/** Answers the pid of the server's process. */
async function prepare(client: DatabaseClient): Promise<number> {
  // Behind a pooler that keeps the session for us it has not been set yet.
  await client.query(SET_SEARCH_PATH)
  await client.query(WITHOUT_TIMEOUTS)
  await client.query(`SELECT ${setConfigCalls({ ...SESSION_SETTINGS, lock_timeout: SESSION_LOCK_TIMEOUT }, 'false')}`)
  // Frees the lock soon after a runner was killed. Servers before 14 and some systems do not have it.
  await client.query(`SET client_connection_check_interval = '1s'`).catch(() => undefined)
  // For those who may: where we and the application are in each other's way, it is we who give up, and an autovacuum gives
  // way to us within a single try.
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
    // A pooler with no session left would let us wait for one.
    cancelling = withClient(url, { server, connectTimeout: 3000, signal: AbortSignal.timeout(3000) }, ask).catch(
      () => undefined,
    )
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
