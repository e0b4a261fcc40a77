import type { Estimate, Lock, LockDuration } from '../model'
import { phrase, type Phrase } from '../../text/phrase'

export const LOCK_DURATIONS: Readonly<Record<LockDuration, Phrase>> = {
  brief: phrase`held briefly`,
  reading: phrase`while rows are read`,
  building: phrase`while the index is built`,
  batches: phrase`one batch at a time`,
  'row-batches': phrase`row locks, one batch at a time`,
}

/** `held briefly; ACCESS EXCLUSIVE on the indexes`. */
export function lockTime({ duration, besides }: Lock): Phrase {
  const held = LOCK_DURATIONS[duration]
  return besides === undefined ? held : phrase`${held}; ${besides}`
}

/** `about 2 min: 6,000,000 rows at 50,000 rows/s`. */
export function estimatedTime({ time, basis }: Estimate): Phrase {
  return basis === undefined ? time : phrase`${time}: ${basis}`
}

export const NO_ESTIMATE: Estimate = { time: phrase`unknown` }
