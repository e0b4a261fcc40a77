import { AuditError } from '../errors'
import { useClient } from './connect'
import { connectionLost, isRefusal } from './database-errors'
import { describeUrl } from './describe-url'
import { type ConnectOptions, type DatabaseClient, type OpenClient, openClient } from './open-client'

/** The state of a session. */
export type SessionState =
  /** No connection is open; the next `use` opens one. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  /** The server is away. It is retried automatically; until then `use` rejects immediately with this error. */
  | { readonly kind: 'waiting'; readonly error: unknown; readonly retryInMilliseconds: number }
  /** The login was refused, or the URL is invalid. Nothing is tried until a `use` asks for it. */
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'closed' }

export interface SessionOptions extends Omit<ConnectOptions, 'signal'> {
  /** Milliseconds without use after which the connection is closed; default 60,000. */
  readonly idleTimeout?: number
  /** Milliseconds before the first retry after a loss, doubled for each further one; default 1,000. */
  readonly firstRetry?: number
  /** The maximum wait between two retries, in milliseconds; default 60,000. */
  readonly longestRetry?: number
  /** Milliseconds that one `use` may take before the connection counts as lost; default 60,000. */
  readonly longestUse?: number
  readonly onStateChange?: (state: SessionState) => void
}

export interface UseOptions {
  readonly signal?: AbortSignal | undefined
  /** What a user's command tries again when its turn comes, because an earlier callback may fail while it waits. */
  readonly retried?: 'nothing' | 'a loss' | 'a loss or a refusal'
}

/** The session was closed before a `use` began: nothing was sent to the server. */
export class SessionClosed extends Error {
  constructor() {
    super('The session with the database was closed.')
  }
}

/**
 * One warm connection for a long-running program such as the language server: opened on first use, closed when idle,
 * reopened with growing pauses after a loss. A refused password is never retried automatically, because servers and
 * companies lock accounts for that.
 */
export class DatabaseSession {
  private opened: OpenClient | null = null
  private current: SessionState = { kind: 'idle' }
  private queue: Promise<unknown> = Promise.resolve()
  private failures = 0
  private timer: NodeJS.Timeout | undefined

  constructor(
    readonly url: string,
    private readonly options: SessionOptions = {},
  ) {}

  get state(): SessionState {
    return this.current
  }

  /**
   * Runs the callback on the warm connection; callbacks run one after another. It must only read: if the connection
   * turns out to have been lost while idle, it is called again on a new one. Rejects immediately while the server is
   * away or the login is refused, with `SessionClosed` once it is closed, otherwise as `withClient` does.
   */
  use<Result>(
    callback: (client: DatabaseClient) => Promise<Result>,
    { signal, retried = 'nothing' }: UseOptions = {},
  ): Promise<Result> {
    const turn = this.queue.then(() => {
      const isRetried = { waiting: retried !== 'nothing', refused: retried === 'a loss or a refusal' }
      const { kind } = this.current
      if ((kind === 'waiting' || kind === 'refused') && isRetried[kind]) this.forgetFailure()
      return this.useNow(callback, signal)
    })
    this.queue = turn.catch(() => undefined)
    return turn
  }

  /** Closes the connection permanently, after a running callback. The server may take a little longer. */
  async close(): Promise<void> {
    if (this.current.kind === 'closed') return
    clearTimeout(this.timer)
    this.change({ kind: 'closed' })
    await this.queue
    this.release()
  }

  private forgetFailure(): void {
    clearTimeout(this.timer)
    this.failures = 0
    this.change({ kind: 'idle' })
  }

  private get longestUse(): number {
    return this.options.longestUse ?? 60_000
  }

  private async useNow<Result>(
    callback: (client: DatabaseClient) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    signal?.throwIfAborted()
    if (this.current.kind === 'refused' || this.current.kind === 'waiting') throw this.current.error
    if (this.current.kind === 'closed') throw new SessionClosed()
    clearTimeout(this.timer)
    const warm = this.opened?.isOpen() === true ? this.opened : null
    const started = performance.now()
    try {
      return await this.useOn(warm ?? (await this.open(signal)), callback, signal)
    } catch (error) {
      // An idle connection may have been lost long ago, which only its next use shows; a new one decides.
      const isStale = warm !== null && isLoss(error) && performance.now() - started < this.longestUse
      if (!isStale || this.state.kind === 'closed') throw error
      clearTimeout(this.timer)
      return await this.useOn(await this.open(signal), callback, signal)
    }
  }

  private async useOn<Result>(
    opened: OpenClient,
    callback: (client: DatabaseClient) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    const tooLong = setTimeout(() => {
      this.lose(opened, connectionLost(describeUrl(this.url), new Error('the server did not respond in time')))
      opened.destroy()
    }, this.longestUse)
    try {
      return await useClient(opened, this.url, signal, () => callback(opened.client))
    } catch (error) {
      if (isLoss(error)) this.lose(opened, error)
      await leaveTransaction(opened)
      throw error
    } finally {
      clearTimeout(tooLong)
      this.waitForIdle()
    }
  }

  private async open(signal: AbortSignal | undefined): Promise<OpenClient> {
    this.change({ kind: 'connecting' })
    try {
      const opened = await openClient(this.url, { ...this.options, ...(signal === undefined ? {} : { signal }) })
      opened.onLost((error) => {
        this.lose(opened, error)
      })
      this.opened = opened
      this.failures = 0
      this.change({ kind: 'connected' })
      return opened
    } catch (error) {
      if (signal?.aborted) this.change({ kind: 'idle' })
      else if (isRefusal(error)) this.change({ kind: 'refused', error })
      else this.retryLater(error)
      throw error
    }
  }

  private lose(lost: OpenClient, error: unknown): void {
    if (this.opened !== lost) return
    this.opened = null
    this.retryLater(error)
  }

  private retryLater(error: unknown): void {
    if (this.current.kind === 'closed') return
    clearTimeout(this.timer)
    const { firstRetry = 1000, longestRetry = 60_000 } = this.options
    const pause = Math.min(firstRetry * 2 ** this.failures, longestRetry)
    // Many editors that lost the same server should not reconnect at the same moment.
    const retryInMilliseconds = Math.round(pause * (0.75 + Math.random() / 2))
    this.failures++
    this.change({ kind: 'waiting', error, retryInMilliseconds })
    this.timer = setTimeout(() => {
      this.change({ kind: 'idle' })
      // No one waits for this attempt; the state shows its result.
      this.use(() => Promise.resolve()).catch(() => undefined)
    }, retryInMilliseconds)
    this.timer.unref()
  }

  private waitForIdle(): void {
    if (this.opened === null || this.current.kind === 'closed') return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.change({ kind: 'idle' })
      this.release()
    }, this.options.idleTimeout ?? 60_000)
    this.timer.unref()
  }

  private release(): void {
    this.opened?.leave()
    this.opened = null
  }

  /** A closed session stays closed, even if something was in progress. */
  private change(state: SessionState): void {
    if (this.current.kind === 'closed') return
    this.current = state
    this.options.onStateChange?.(state)
  }
}

function isLoss(error: unknown): boolean {
  return error instanceof AuditError && error.code === 'connection-lost'
}

/** A transaction that a failed callback left open would hold locks, and break the next callback. */
async function leaveTransaction({ client, isOpen }: OpenClient): Promise<void> {
  if (!isOpen()) return
  // pg reports an error before the server reports the state of the transaction; an empty query waits for it.
  await client.query('').catch(() => undefined)
  const status = client.getTransactionStatus()
  if (status === 'T' || status === 'E') await client.query('ROLLBACK').catch(() => undefined)
}
