import type { Bench } from './bench'

/** One line of the table. */
export interface Measurement {
  readonly what: string
  readonly ours: string
  /** Empty where there is nothing to compare with. */
  readonly peer: string
  readonly ratio: string
  /** Empty for a line that only explains another. */
  readonly target: string
  /** Null where there is no target. */
  readonly isMet: boolean | null
  /** The bare numbers, for bench/results.json: milliseconds and bytes, as their names say. */
  readonly figures: Readonly<Record<string, number>>
}

/** A row of the bench, by the name that it is chosen with: `npm run bench -- keystroke`. */
export interface Row {
  readonly name: string
  measure(bench: Bench): Promise<Measurement[]>
}
