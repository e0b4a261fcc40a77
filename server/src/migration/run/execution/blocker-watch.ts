import { setTimeout as pause } from 'node:timers/promises'
import { openClient, type OpenClient } from '../../../database/open-client'
import type { ServerIdentity } from '../../../database/server-identity'
import {
  describeBlocker,
  readBlockers,
  STANDBY,
  terminateBlockers,
  waitsForStandby,
  type Blocker,
  type Waiting,
} from './blockers'

export type BlockedAnswer = 'wait' | 'stop' | 'terminate'

/** What a caller of `runPlan` and `rollBack` may say about being kept waiting. */
export interface BlockedOptions {
  /**
   * Asked when a step has waited for a lock for `askAfter` milliseconds, 5,000 by default: who is in the way stands in it.
   * `terminate` ends their sessions, where the role may. Without it, a step just waits until its tries are used up.
   */
  readonly onBlocked?: (waiting: Waiting) => Promise<BlockedAnswer>
  readonly askAfter?: number
  /**
   * Milliseconds that CREATE and DROP INDEX CONCURRENTLY wait for others where nobody can be asked, 600,000 by default. They
   * keep nobody waiting, but whoever started the run would wait for ever.
   */
  readonly longestWait?: number
}

/** Watches over a session for the length of the work. */
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
  /** Asked once the wait has lasted for `askAfter`; until it answers, nothing new is tried. Null: it just waits. */
  readonly onBlocked: ((waiting: Waiting) => Promise<BlockedAnswer>) | null
  /** Milliseconds. */
  readonly askAfter: number
  /** Milliseconds that what keeps nobody waiting may wait itself; 0 for as long as it takes. */
  readonly longestWait: number
  /** What the answer `stop` does. */
  readonly stop: () => void
}

/**
 * Sees, by a second connection that is opened only when it is needed, who keeps a session waiting for a lock, tells of
 * it while it waits, and asks what to do. Where no second connection is to be had it sees nothing, and does no harm.
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

  /** From here on it is this that waits. */
  begin(title: string, tables: readonly string[]): void {
    this.subject = { title, tables }
    this.waitingSince = null
    this.quietUntil = 0
    this.wasAnswered = false
  }

  /** Watches while the work runs. What takes no tenth of a second costs nothing. */
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

  /** Waits for an open question. True where it was answered since this was last asked: then the tries begin anew. */
  async answered(): Promise<boolean> {
    await this.question
    const wasAnswered = this.wasAnswered
    this.wasAnswered = false
    return wasAnswered
  }

  get longestWait(): number {
    return this.options.longestWait
  }

  /** Who was in the way at the last look, each as a phrase. */
  lastSeen(): string[] {
    return this.seen.map(describeBlocker)
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
    const waiting = this.tell(blockers)
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
    // Whoever cannot answer, since the dialog was closed with its window, has not chosen to end anybody.
    const answer = await onBlocked(waiting).catch((): BlockedAnswer => 'stop')
    this.wasAnswered = true
    this.quietUntil = performance.now() + QUIET
    if (answer === 'stop') this.options.stop()
    if (answer === 'terminate') await terminate(other, waiting.blockers)
  }
}

async function terminate({ client }: OpenClient, blockers: readonly Blocker[]): Promise<void> {
  // What could not be ended is seen at the next look, and asked about again.
  await terminateBlockers(client, blockers).catch(() => undefined)
}

/** Milliseconds: within the shortest wait for a lock, and then now and again. */
const FIRST_LOOK = 100
const NEXT_LOOK = 500
const ASK_AFTER = 5000
const LONGEST_WAIT = 600_000

/** Milliseconds after an answer before the question comes again. */
const QUIET = 60_000
