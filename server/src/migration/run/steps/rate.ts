/** The progress of a walk over rows at one moment. */
export interface Sample {
  /** Milliseconds of a monotonic clock. */
  readonly at: number
  readonly rows: number
}

export interface Rate {
  /** Null before there are enough samples. */
  readonly rowsPerSecond: number | null
  /** Null if the total or the rate is unknown. */
  readonly secondsLeft: number | null
}

/**
 * Rows per second over the samples, which are in order of time, and the remaining time at that rate. A walk without
 * progress has a rate of zero and no end.
 */
export function rateOf(samples: readonly Sample[], total: number | null): Rate {
  const first = samples[0]
  const last = samples.at(-1)
  if (first === undefined || last === undefined || last.at - first.at < SHORTEST) return UNKNOWN
  const rowsPerSecond = (1000 * (last.rows - first.rows)) / (last.at - first.at)
  if (total === null || rowsPerSecond <= 0) return { rowsPerSecond, secondsLeft: null }
  return { rowsPerSecond, secondsLeft: Math.max(0, total - last.rows) / rowsPerSecond }
}

/** The samples of the last `WINDOW` with a new one, because only the recent rate matters. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  return [...samples.filter(({ at }) => sample.at - at <= WINDOW), sample]
}

/** Milliseconds. */
const SHORTEST = 200
const WINDOW = 15_000

const UNKNOWN: Rate = { rowsPerSecond: null, secondsLeft: null }
