import type { FileFindings } from '../audit/finding'
import { recallAnswer, type Question } from './kept-answer'
import type { LiveDatabase, LiveState } from './live-database'

/** Milliseconds that a preliminary answer waits for a whole one. A keystroke ends it at once. */
const LONGEST_SILENCE = 1000

const CONNECTING: ReadonlySet<LiveState['connection']> = new Set(['connecting', 'connected'])

/**
 * How a project begins in an editor: with what was found the last time, if that still holds, which is known long before
 * a large schema is parsed and its catalog read. Until it is known, nothing is said: what comes in a moment is whole, and
 * what could be said now would be half of it.
 */
export class Recollection {
  /** What was found the last time, while it is known to hold and nobody has looked anew. */
  files: readonly FileFindings[] | null = null
  private whenDecided: (() => void) | null = null

  constructor(
    private readonly live: LiveDatabase,
    private readonly question: () => Promise<Question>,
  ) {
    live.onChange(() => {
      if (live.snapshot === null && CONNECTING.has(live.state.connection)) return
      this.files = null
      this.decide()
    })
  }

  get isUndecided(): boolean {
    return this.whenDecided !== null
  }

  /** `onDecided` is called once there is something to say. True where that is what was found the last time. */
  async begin(onDecided: () => void): Promise<boolean> {
    this.whenDecided = onDecided
    // A database that is far away is not waited for.
    setTimeout(() => this.decide(), LONGEST_SILENCE).unref()
    try {
      this.live.connectAhead()
      const kept = recallAnswer(await this.question())
      if (kept === null || !(await this.live.isStill(kept.fingerprint))) return false
      // A file may have changed meanwhile, or it took too long.
      if (!this.isUndecided) return false
      this.files = kept.answer.files
      this.decide()
      return true
    } catch {
      // Why there is no database to compare with is told when the catalog is read.
      return false
    }
  }

  /** Something that the answer hangs on has changed. */
  forget(): void {
    this.whenDecided = null
    this.files = null
  }

  private decide(): void {
    const { whenDecided } = this
    this.whenDecided = null
    whenDecided?.()
  }
}
