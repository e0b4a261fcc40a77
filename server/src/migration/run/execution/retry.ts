import { setTimeout as pause } from 'node:timers/promises'
import { errorCode } from '../../../database/database-errors'
import type { BlockerWatch } from './blocker-watch'

export interface RetryOptions {
  /** How many tries in all. */
  readonly attempts: number
  readonly signal: AbortSignal | undefined
  /** SQLSTATEs that a few more tries may get past, since what is written is asked for anew each time. */
  readonly passing?: ReadonlySet<string>
  /** Sees who is in the way, and may ask what to do about it before the next try. */
  readonly watch?: BlockerWatch
}

/** Thrown when every try met a lock. */
export class LockNotHad extends Error {
  constructor(
    readonly seconds: number,
    cause: unknown,
  ) {
    super(`Could not acquire the lock within ${seconds} s.`, { cause })
    this.name = 'LockNotHad'
  }
}

/**
 * Tries again after a lock timeout, a deadlock or a serialization failure, with pauses that grow and vary, so that
 * others get their turn and two who collided do not collide again. Rejects with `LockNotHad` after the last try, and
 * with the signal's reason, or an AbortError out of a pause, when it is aborted.
 */
export async function retryLocked<Result>(options: RetryOptions, work: () => Promise<Result>): Promise<Result> {
  const start = performance.now()
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted()
    try {
      return await (options.watch === undefined ? work() : options.watch.during(work))
    } catch (error) {
      const code = errorCode(error) ?? ''
      const isPassing = options.passing?.has(code) === true && attempt < PASSING_ATTEMPTS
      if (!RETRIED.has(code) && !isPassing) throw error
      if ((await options.watch?.answered()) === true) attempt = 0
      options.signal?.throwIfAborted()
      if (attempt >= options.attempts) throw new LockNotHad(Math.round((performance.now() - start) / 1000), error)
      await pause(pauseAfter(Math.max(1, attempt)), undefined, { signal: options.signal })
    }
  }
}

/** Milliseconds: a reader who queues behind our wait for a lock is held up no longer than this. */
export const LOCK_TIMEOUT = 300

/** With the pauses between them, some two minutes. */
export const LOCK_ATTEMPTS = 40

const PASSING_ATTEMPTS = 5

/** Lock not available, deadlock detected, serialization failure. */
const RETRIED = new Set(['55P03', '40P01', '40001'])

/** Milliseconds: 50 to 100 after the first try, 2 to 4 seconds in the end. */
export function pauseAfter(attempt: number): number {
  const longest = Math.min(4000, 100 * 2 ** (attempt - 1))
  return longest * (0.5 + Math.random() / 2)
}
