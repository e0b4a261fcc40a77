/**
 * How much the next batch takes, from how long the last one took, in milliseconds: as much as fills `BATCH_TIME`, but at
 * most twice or half of the last, so that one slow moment does not throw it about.
 */
export function nextBatchSize(size: number, milliseconds: number, first: number): number {
  const wanted = (size * BATCH_TIME) / Math.max(1, milliseconds)
  const gradual = Math.min(size * 2, Math.max(size / 2, wanted))
  return Math.round(Math.min(first * LARGEST, Math.max(first / SMALLEST, gradual)))
}

/** Milliseconds: who wants a row that a batch has locked waits no longer than about this. */
const BATCH_TIME = 80

/** How far a batch may grow and shrink, as a multiple of the first and a part of it. */
const LARGEST = 5
const SMALLEST = 8
