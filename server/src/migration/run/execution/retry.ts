import { setTimeout as pause } from 'node:timers/promises'
import { errorCode } from '../../../database/database-errors'
import type { BlockerWatch } from './blocker-watch'

export interface RetryOptions {
  /** The number of attempts. */
  readonly attempts: number
  readonly signal: AbortSignal | undefined
  /** SQLSTATEs that another attempt may resolve, because its values are computed again. */
  readonly passing?: ReadonlySet<string>
  /** Finds the blocking sessions, and may ask what to do before the next attempt. */
  readonly watch?: BlockerWatch
}

/** Thrown if no attempt acquired the lock. */
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
 * Retries after a lock timeout, a deadlock or a serialization failure, with growing random pauses, so that others make
 * progress and two that collided do not collide again. Rejects with `LockNotHad` after the last attempt, and with the
 * signal's reason, or an AbortError from a pause, when it is aborted.
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

/** Milliseconds: a reader that queues behind our lock request waits no longer than this. */
export const LOCK_TIMEOUT = 300

/** About two minutes, including the pauses between them. */
export const LOCK_ATTEMPTS = 40

const PASSING_ATTEMPTS = 5

/** Lock not available, deadlock detected, serialization failure. */
const RETRIED = new Set(['55P03', '40P01', '40001'])

/** Milliseconds: 50 to 100 after the first attempt, 2 to 4 seconds at the end. */
export function pauseAfter(attempt: number): number {
  const longest = Math.min(4000, 100 * 2 ** (attempt - 1))
  return longest * (0.5 + Math.random() / 2)
}
