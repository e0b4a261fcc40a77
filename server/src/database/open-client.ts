import net from 'node:net'
import pg from 'pg'
import { boundAnswers } from './bounded-answers'
import { type BackendKey, sendCancelRequest } from './cancel-request'
import { connectionSettings, type ConnectionSettings } from './connection-settings'
import { connectionLost, errorCode, tlsFailed, toDatabaseError } from './database-errors'
import { describeUrl } from './describe-url'
import { setSearchPathInEachTransaction } from './pooled-search-path'
import { SEARCH_PATH } from './search-path'
import { leaveRoleOfDatabase, SESSION_SETTINGS, setConfigCalls } from './session-settings'
import { requireSameServer, type ServerIdentity } from './server-identity'
import { timeQueries } from './timed-queries'
import type { TlsAttempt } from './tls-settings'
import type { EnvironmentVariables } from '../platform/environment-variables'

/** A connection: `pg`'s own client, so that everything made for `pg` works with it. */
export type DatabaseClient = pg.Client

export interface ConnectOptions {
  /** The `application_name` in pg_stat_activity; default `prisma-audit`. The URL's own takes precedence. */
  readonly applicationName?: string
  /** Milliseconds to connect and log in; default 10,000. The URL's `connect_timeout` takes precedence. */
  readonly connectTimeout?: number
  /** Milliseconds for a statement on the server; default: unlimited. */
  readonly statementTimeout?: number
  /**
   * Other settings of the session: `{ lock_timeout: '300ms' }`. Behind a pooler in transaction mode (judged by its URL
   * and its behavior) no setting is made, because it would affect other clients: use SET LOCAL there.
   */
  readonly settings?: Readonly<Record<string, string>>
  /** Aborts connecting, and cancels the running statement on the server. The call rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Set for copying rows out, which is unlimited and not buffered: then responses are not limited either. */
  readonly copiesRows?: boolean
  /** The server and database that the URL must lead to; default: any. See `requireSameServer`. */
  readonly server?: ServerIdentity
  /** The source of the PG… variables; default `process.env`. */
  readonly environment?: EnvironmentVariables
}

export interface OpenClient {
  readonly client: DatabaseClient
  readonly isOpen: () => boolean
  /**
   * Cancels the running statement: with a cancel request on a direct connection, otherwise by closing the connection. A
   * pooler must not get one: PgBouncer 1.18 crashes on it while the client waits for a session. Never rejects.
   */
  cancel(): Promise<void>
  /** Ends the connection. Never rejects, and waits at most a second for the server. */
  close(): Promise<void>
  /** Ends the connection without waiting: a server needs time to free what it cached of a large catalog. */
  leave(): void
  /** Closes the connection immediately. */
  destroy(): void
  /** Called once if the connection ends other than by `close` or `destroy`. */
  onLost(listener: (error: unknown) => void): void
}

/** Opens one connection. Rejects with the errors of `toDatabaseError`, or with the signal's reason. */
export async function openClient(url: string, options: ConnectOptions): Promise<OpenClient> {
  options.signal?.throwIfAborted()
  const settings = readSettings(url, options)
  for (const [turn, attempt] of settings.tls.entries()) {
    try {
      return await connect(url, settings, attempt, options)
    } catch (error) {
      options.signal?.throwIfAborted()
      const isLast = turn === settings.tls.length - 1
      if (isLast || !wantsOtherEncryption(error, attempt)) throw toDatabaseError(error, url)
    }
  }
  throw connectionLost(describeUrl(url), new Error('all connection attempts failed'))
}

function readSettings(url: string, options: ConnectOptions): ConnectionSettings {
  try {
    return connectionSettings(url, options.environment ?? process.env)
  } catch (error) {
    // Only certificates are read from files.
    throw errorCode(error) === 'ENOENT' ? tlsFailed(describeUrl(url), error) : toDatabaseError(error, url)
  }
}

async function connect(
  url: string,
  settings: ConnectionSettings,
  attempt: TlsAttempt,
  options: ConnectOptions,
): Promise<OpenClient> {
  const connectTimeout = settings.connectTimeout ?? options.connectTimeout ?? 10_000
  const client = new pg.Client({
    host: settings.host,
    port: settings.port,
    user: settings.user,
    database: settings.database,
    // An empty text instead of nothing, so that we get the server's error instead of pg's.
    password: await settings.password().then((password) => password ?? ''),
    ssl: attempt.ssl,
    application_name: settings.applicationName ?? options.applicationName ?? 'prisma-audit',
    connectionTimeoutMillis: connectTimeout,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    enableChannelBinding: settings.channelBinding && attempt.ssl !== false,
    ...(settings.startupOptions === null ? {} : { options: settings.startupOptions }),
  })
  timeQueries(client)
  if (options.copiesRows !== true) {
    boundAnswers(client, { label: describeUrl(url).named, isEncrypted: attempt.ssl !== false })
  }
  const opened = watch(client, url, settings, attempt)
  const abandon = () => {
    opened.destroy()
  }
  options.signal?.addEventListener('abort', abandon, { once: true })
  // A pooler lets clients in before it has a session for them, and some servers do not respond after the login.
  const limit = AbortSignal.timeout(connectTimeout)
  limit.addEventListener('abort', abandon, { once: true })
  try {
    await client.connect()
    if (settings.isTransactionPooler) await opened.findOutWhoAnswers()
    // Behind a transaction pooler, a setting would affect the next client of the server session.
    if (!settings.isTransactionPooler || opened.isDirect()) await opened.findOutWhoAnswers(sessionSettings(options))
    if (!opened.isDirect()) setSearchPathInEachTransaction(client)
    if (options.server !== undefined) await requireSameServer(client, options.server, url)
    return opened
  } catch (error) {
    opened.destroy()
    throw limit.aborted ? new Error('timeout expired') : error
  } finally {
    limit.removeEventListener('abort', abandon)
    options.signal?.removeEventListener('abort', abandon)
  }
}

interface WatchedClient extends OpenClient {
  /** Whether the server itself is known to answer, without a pooler in between. */
  isDirect(): boolean
  /** Queries the session's pid, and makes settings in the same round trip. */
  findOutWhoAnswers(settings?: Readonly<Record<string, string>>): Promise<void>
}

function watch(client: DatabaseClient, url: string, settings: ConnectionSettings, attempt: TlsAttempt): WatchedClient {
  let key: BackendKey | null = null
  let isDirect = false
  let isOver = false
  const listeners: ((error: unknown) => void)[] = []
  const lost = (error: unknown) => {
    if (isOver) return
    isOver = true
    for (const listener of listeners) listener(toDatabaseError(error, url))
  }
  client.connection.once('backendKeyData', (given: BackendKey) => (key = given))
  // Without a listener, a lost connection would end the process.
  client.on('error', lost)
  client.on('end', () => {
    lost(new Error('Connection terminated unexpectedly'))
  })
  return {
    client,
    isOpen: () => !isOver,
    isDirect: () => isDirect,
    async findOutWhoAnswers(values = {}) {
      const { rows } = await client.query<{ pid: number }>(settingsStatement(values, key?.processID ?? 0))
      // A pooler sends its own cancel key, because its clients change sessions.
      isDirect = key !== null && key.processID === rows[0]?.pid
    },
    async cancel() {
      if (key === null || !isDirect) {
        isOver = true
        client.connection.stream.destroy()
        return
      }
      await sendCancelRequest(settings, attempt, key, AbortSignal.timeout(2000)).catch(() => undefined)
    },
    async close() {
      // A lost connection cannot say goodbye.
      if (isOver) return
      isOver = true
      const goodbye = setTimeout(() => client.connection.stream.destroy(), 1000)
      await client.end().catch(() => undefined)
      clearTimeout(goodbye)
    },
    leave() {
      if (isOver) return
      isOver = true
      void client.end().catch(() => undefined)
      // A program with nothing else to do ends without waiting for the server.
      const { stream } = client.connection
      if (stream instanceof net.Socket) stream.unref()
    },
    destroy() {
      isOver = true
      client.connection.stream.destroy()
    },
    onLost(listener) {
      listeners.push(listener)
    },
  }
}

function sessionSettings(options: ConnectOptions): Readonly<Record<string, string>> {
  return {
    ...SESSION_SETTINGS,
    ...(options.statementTimeout === undefined ? {} : { statement_timeout: String(options.statementTimeout) }),
    ...options.settings,
  }
}

/**
 * One round trip for everything, without relying on the session's search path. The settings outlive the transaction
 * only if the server itself answers, process `direct`: behind a pooler they would affect other clients. They are not
 * parameters of the startup packet, because poolers reject unknown ones or silently drop them.
 */
function settingsStatement(values: Readonly<Record<string, string>>, direct: number): string {
  const pid = 'pg_catalog.pg_backend_pid()'
  const isLocal = `${pid} OPERATOR(pg_catalog.<>) ${String(direct)}`
  return `SELECT ${pid} AS pid, ${leaveRoleOfDatabase(isLocal)}, ${setConfigCalls({ search_path: SEARCH_PATH, ...values }, isLocal)}`
}

/** The server rejects the connection before it has checked a password, so no password is tried twice. */
function wantsOtherEncryption(error: unknown, attempt: TlsAttempt): boolean {
  if (!(error instanceof Error)) return false
  if (attempt.ssl !== false) return error.message.includes('does not support SSL')
  return errorCode(error) === '28000' && /pg_hba\.conf|SSL|encrypt/i.test(error.message)
}
