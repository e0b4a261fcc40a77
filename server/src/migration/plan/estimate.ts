import type { Estimate, Step } from '../model'
import { phrase, type Phrase } from '../../text/phrase'

/** The step with its estimate; see `Step`. */
export function withEstimate(step: Step): Step {
  return { ...step, estimate: estimateOf(step) }
}

function estimateOf({ kind, id, scans, rewrites, estimatedRows, lock }: Step): Estimate {
  if (!scans && !rewrites)
    return { time: lock.mode === 'none' ? phrase`instant` : phrase`instant, once the lock is acquired` }
  if (estimatedRows === null)
    return { time: phrase`unknown`, basis: phrase`run ANALYZE on the table to get an estimate` }
  const rate = rateOf(kind, id)
  const isOne = Math.round(estimatedRows) === 1
  const basis = isOne ? phrase`1 row at ${rate} rows/s` : phrase`${estimatedRows} rows at ${rate} rows/s`
  return { time: duration(estimatedRows / rate), basis }
}

/**
 * Rows per second, about half of what version 15 did on two busy cores with a table of 1,000,000 rows in memory (93,000
 * filled, 200,000 for a foreign key, 7,000,000 for a CHECK, 1,700,000 for an index). A disk, wide rows, other indexes
 * and triggers make it slower, so the text includes the rate.
 */
function rateOf(kind: Step['kind'], id: string): number {
  if (kind === 'populate') return 50_000
  if (kind === 'create-index') return 800_000
  if (kind !== 'validate-constraint') return 500_000
  return id.startsWith('validate-not-null-check:') ? 3_000_000 : 100_000
}

function duration(seconds: number): Phrase {
  if (seconds < 1) return phrase`under a second`
  if (seconds < 90) return phrase`about ${seconds} s`
  if (seconds < 5400) return phrase`about ${seconds / 60} min`
  return phrase`about ${seconds / 3600} h`
}
