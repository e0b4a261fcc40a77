/** How far a walk over rows had come at a moment. */
export interface Sample {
  /** Milliseconds, by any clock that only goes forward. */
  readonly at: number
  readonly rows: number
}

export interface Rate {
  /** Null before there is anything to go by. */
  readonly rowsPerSecond: number | null
  /** Null where the total is not known, or the rate is not. */
  readonly secondsLeft: number | null
}

/**
 * Rows a second over the samples, which are in order of time, and how long the rest will take at that rate. A walk that
 * stands still has a rate of zero and no end.
 */
export function rateOf(samples: readonly Sample[], total: number | null): Rate {
  const first = samples[0]
  const last = samples.at(-1)
  if (first === undefined || last === undefined || last.at - first.at < SHORTEST) return UNKNOWN
  const rowsPerSecond = (1000 * (last.rows - first.rows)) / (last.at - first.at)
  if (total === null || rowsPerSecond <= 0) return { rowsPerSecond, secondsLeft: null }
  return { rowsPerSecond, secondsLeft: Math.max(0, total - last.rows) / rowsPerSecond }
}

/** The samples of the last `WINDOW` with a new one: a rate is about now, and the beginning of a long walk is not. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  return [...samples.filter(({ at }) => sample.at - at <= WINDOW), sample]
}

/** Milliseconds. */
const SHORTEST = 200
const WINDOW = 15_000

const UNKNOWN: Rate = { rowsPerSecond: null, secondsLeft: null }
