import net from 'node:net'
import pg from 'pg'
import { boundAnswers } from './bounded-answers'
import { type BackendKey, sendCancelRequest } from './cancel-request'
import { connectionSettings, type ConnectionSettings } from './connection-settings'
import { connectionLost, errorCode, tlsFailed, toDatabaseError } from './database-errors'
import { describeUrl } from './describe-url'
import { setSearchPathInEachTransaction } from './pooled-search-path'
import { SEARCH_PATH } from './search-path'
import { SESSION_SETTINGS, setConfigCalls } from './session-settings'
import { requireSameServer, type ServerIdentity } from './server-identity'
import { timeQueries } from './timed-queries'
import type { TlsAttempt } from './tls-settings'
import type { EnvironmentVariables } from '../platform/environment-variables'

/** A connection: `pg`'s own client, so that whatever is made for `pg` works with it. */
export type DatabaseClient = pg.Client

export interface ConnectOptions {
  /** As it stands in pg_stat_activity; `prisma-audit` by default. The URL's own wins. */
  readonly applicationName?: string
  /** Milliseconds until the server must have let us in; 10,000 by default. The URL's `connect_timeout` wins. */
  readonly connectTimeout?: number
  /** Milliseconds that a statement may take on the server; unlimited by default. */
  readonly statementTimeout?: number
  /**
   * Other settings of the session: `{ lock_timeout: '300ms' }`. Behind a pooler in transaction mode (by its URL, and it is
   * a pooler that answers) no setting is made, since it would fall on other clients: use SET LOCAL there.
   */
  readonly settings?: Readonly<Record<string, string>>
  /** Gives up connecting, and cancels the running statement on the server. The call rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Are rows copied out, which have no bound and are not kept? Then answers are not bounded either. */
  readonly copiesRows?: boolean
  /** The one server and database that the URL must lead to; any, by default. See `requireSameServer`. */
  readonly server?: ServerIdentity
  /** Where the PG… variables are; `process.env` by default. */
  readonly environment?: EnvironmentVariables
}

export interface OpenClient {
  readonly client: DatabaseClient
  readonly isOpen: () => boolean
  /**
   * Ends the running statement: by a cancel request where the server itself is at the other end, otherwise by closing the
   * connection. A pooler must not get one: PgBouncer 1.18 dies of it while the client waits for a session. Never rejects.
   */
  cancel(): Promise<void>
  /** Ends the connection. Never rejects, and waits a second at most for the server's goodbye. */
  close(): Promise<void>
  /** Ends the connection and does not wait: a server takes its time to let go of what it knows of a large catalog. */
  leave(): void
  /** Cuts the connection off without a word. */
  destroy(): void
  /** Called once, when the connection ends otherwise than by `close` or `destroy`. */
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
    // Certificates are the only files that are read.
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
    // An empty text instead of nothing: then the server's refusal, not pg's complaint, is what we get to see.
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
    boundAnswers(client, { label: describeUrl(url).label, isEncrypted: attempt.ssl !== false })
  }
  const opened = watch(client, url, settings, attempt)
  const abandon = () => {
    opened.destroy()
  }
  options.signal?.addEventListener('abort', abandon, { once: true })
  // A pooler lets clients in that it has no session for, and some servers say nothing after the login.
  const limit = AbortSignal.timeout(connectTimeout)
  limit.addEventListener('abort', abandon, { once: true })
  try {
    await client.connect()
    if (settings.isTransactionPooler) await opened.findOutWhoAnswers()
    // Behind a transaction pooler, a setting would fall on whoever gets the server's session next.
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
  /** Is it known that the server itself answers, and no pooler stands between? */
  isDirect(): boolean
  /** Asks for the session's process, and makes settings on the way. */
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
  // Without a listener, a server that goes away would end the whole process.
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
      // A pooler greets with a key of its own, since its clients change sessions.
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
      // A connection that broke has nobody to say goodbye to.
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
      // A program that has nothing else to do ends without the server's goodbye.
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
 * One round trip for all, in which nothing is left to the search path that the session has. The settings outlive the
 * transaction only where the server itself answers, process `direct`: behind a pooler they would fall on other clients. They
 * are no parameters of the start-up packet, since poolers refuse those that they do not know, or drop them without a word.
 */
function settingsStatement(values: Readonly<Record<string, string>>, direct: number): string {
  const pid = 'pg_catalog.pg_backend_pid()'
  const isLocal = `${pid} OPERATOR(pg_catalog.<>) ${String(direct)}`
  return `SELECT ${pid} AS pid, ${setConfigCalls({ search_path: SEARCH_PATH, ...values }, isLocal)}`
}

/** The server lets nobody in this way, before it has looked at a password; so no password is tried twice. */
function wantsOtherEncryption(error: unknown, attempt: TlsAttempt): boolean {
  if (!(error instanceof Error)) return false
  if (attempt.ssl !== false) return error.message.includes('does not support SSL')
  return errorCode(error) === '28000' && /pg_hba\.conf|SSL|encrypt/i.test(error.message)
}
