import { setTimeout as pause } from 'node:timers/promises'
import { openClient, type OpenClient } from '../../../database/open-client'
import type { ServerIdentity } from '../../../database/server-identity'
import {
  phraseOfBlocker,
  readBlockers,
  STANDBY,
  terminateBlockers,
  waitsForStandby,
  waitsForTransactions,
  type Blocker,
  type Waiting,
} from '../../../database/blockers'
import type { Phrase } from '../../../text/phrase'

export type BlockedAnswer = 'wait' | 'stop' | 'terminate'

/** How a caller of `runPlan` and `rollBack` handles waiting for locks. */
export interface BlockedOptions {
  /**
   * Called when a step has waited for a lock for `askAfter` milliseconds (default 5,000), with the blocking sessions.
   * `terminate` ends them, if the role may. Without it, a step waits until its attempts are used up.
   */
  readonly onBlocked?: (waiting: Waiting) => Promise<BlockedAnswer>
  readonly askAfter?: number
  /**
   * Milliseconds that CREATE and DROP INDEX CONCURRENTLY wait for other transactions if no one can be asked (default
   * 600,000). They block no one, but the run would wait for ever.
   */
  readonly longestWait?: number
}

/** Watches over a session while `work` runs. */
export async function watching<Result>(
  options: BlockedOptions & {
    readonly session: { readonly url: string; readonly server: ServerIdentity; readonly pid: number }
    readonly onWaiting: (waiting: Waiting) => void
    readonly stop: () => void
  },
  work: (watch: BlockerWatch) => Promise<Result>,
): Promise<Result> {
  const { session, onWaiting, stop, onBlocked = null, askAfter = ASK_AFTER, longestWait = LONGEST_WAIT } = options
  const { url, server, pid } = session
  const watch = new BlockerWatch({
    ...{ url, server, pid, onWaiting, stop, onBlocked, askAfter },
    longestWait: onBlocked === null ? longestWait : 0,
  })
  try {
    return await work(watch)
  } finally {
    await watch.close()
  }
}

interface WatchOptions {
  readonly url: string
  readonly server: ServerIdentity
  /** Of the session that may have to wait. */
  readonly pid: number
  readonly onWaiting: (waiting: Waiting) => void
  /** Called once the wait has lasted for `askAfter`; no new attempt starts until it resolves. Null: it just waits. */
  readonly onBlocked: ((waiting: Waiting) => Promise<BlockedAnswer>) | null
  /** Milliseconds. */
  readonly askAfter: number
  /** Milliseconds that a statement which blocks no one may wait; 0 for no limit. */
  readonly longestWait: number
  /** Called for the answer `stop`. */
  readonly stop: () => void
}

/**
 * Finds out, through a second connection opened on demand, which sessions block another one, reports them while it
 * waits, and asks what to do. Without a second connection it reports nothing and does no harm.
 */
export class BlockerWatch {
  private other: Promise<OpenClient | null> | null = null
  private question: Promise<void> | null = null
  private subject: Pick<Waiting, 'title' | 'tables'> = { title: '', tables: [] }
  private waitingSince: number | null = null
  private quietUntil = 0
  private wasAnswered = false
  private seen: readonly Blocker[] = []

  constructor(private readonly options: WatchOptions) {}

  /** The session to watch from here on. */
  begin(title: string, tables: readonly string[]): void {
    this.subject = { title, tables }
    this.waitingSince = null
    this.quietUntil = 0
    this.wasAnswered = false
  }

  /** Watches while the work runs. Work of less than a tenth of a second costs nothing. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    const over = new AbortController()
    const looking = this.lookUntil(over.signal).catch(() => undefined)
    try {
      return await work()
    } finally {
      over.abort()
      await looking
    }
  }

  /** Waits for an open question. True if it was answered since the last call: then the attempts start again. */
  async answered(): Promise<boolean> {
    await this.question
    const wasAnswered = this.wasAnswered
    this.wasAnswered = false
    return wasAnswered
  }

  get longestWait(): number {
    return this.options.longestWait
  }

  /** The blocking sessions at the last look, each as a phrase. */
  lastSeen(): Phrase[] {
    return this.seen.map(phraseOfBlocker)
  }

  async close(): Promise<void> {
    const other = await this.other
    await other?.close()
  }

  private async lookUntil(over: AbortSignal): Promise<void> {
    await pause(FIRST_LOOK, undefined, { signal: over })
    while (!over.aborted) {
      await this.look()
      await pause(NEXT_LOOK, undefined, { signal: over })
    }
  }

  private async look(): Promise<void> {
    const { url, server } = this.options
    const options = { server, applicationName: 'prisma-audit watch', connectTimeout: 5000 }
    this.other ??= openClient(url, options).catch(() => null)
    const other = await this.other
    if (other === null) return
    const blockers = await readBlockers(other.client, this.options.pid)
    if (blockers.length === 0) {
      if (await waitsForStandby(other.client, this.options.pid)) this.tell([STANDBY])
      return
    }
    this.seen = blockers
    const told = this.tell(blockers)
    const waiting = (await waitsForTransactions(other.client, this.options.pid)) ? { ...told, tables: [] } : told
    const waited = performance.now() - (this.waitingSince ?? performance.now())
    const { onBlocked } = this.options
    if (onBlocked === null || this.question !== null) return
    if (waited < this.options.askAfter || performance.now() < this.quietUntil) return
    this.question = this.ask(onBlocked, waiting, other).finally(() => {
      this.question = null
    })
  }

  private tell(blockers: readonly Blocker[]): Waiting {
    this.waitingSince ??= performance.now()
    const waited = performance.now() - this.waitingSince
    const waiting = { ...this.subject, seconds: Math.round(waited / 1000), blockers }
    this.options.onWaiting(waiting)
    return waiting
  }

  private async ask(
    onBlocked: (waiting: Waiting) => Promise<BlockedAnswer>,
    waiting: Waiting,
    other: OpenClient,
  ): Promise<void> {
    // If the question cannot be answered because its window was closed, no session is terminated.
    const answer = await onBlocked(waiting).catch((): BlockedAnswer => 'stop')
    this.wasAnswered = true
    this.quietUntil = performance.now() + QUIET
    if (answer === 'stop') this.options.stop()
    if (answer === 'terminate') await terminate(other, waiting.blockers)
  }
}

async function terminate({ client }: OpenClient, blockers: readonly Blocker[]): Promise<void> {
  // A session that could not be terminated is found at the next look, and asked about again.
  await terminateBlockers(client, blockers).catch(() => undefined)
}

/** Milliseconds: within the shortest wait for a lock, and then at intervals. */
const FIRST_LOOK = 100
const NEXT_LOOK = 500
const ASK_AFTER = 5000
const LONGEST_WAIT = 600_000

/** Milliseconds after an answer before the question is repeated. */
const QUIET = 60_000
