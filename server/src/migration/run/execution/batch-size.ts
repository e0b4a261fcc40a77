/**
 * The size of the next batch, from the time of the last one in milliseconds: enough to fill `BATCH_TIME`, but at most
 * twice or half of the last, so that one slow batch has little effect.
 */
export function nextBatchSize(size: number, milliseconds: number, first: number): number {
  const wanted = (size * BATCH_TIME) / Math.max(1, milliseconds)
  const gradual = Math.min(size * 2, Math.max(size / 2, wanted))
  return Math.round(Math.min(first * LARGEST, Math.max(first / SMALLEST, gradual)))
}

/** Milliseconds: no one waits longer than about this for a row that a batch has locked. */
const BATCH_TIME = 80

/** How far a batch may grow and shrink, as a multiple and a fraction of the first. */
const LARGEST = 5
const SMALLEST = 8
