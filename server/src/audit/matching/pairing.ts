/** Each item of a side is in exactly one of the lists, in its side's order. */
export interface Pairing<Expected, Actual> {
  readonly pairs: readonly Pair<Expected, Actual>[]
  readonly missing: readonly Expected[]
  readonly unmapped: readonly Actual[]
}

export interface Pair<Expected, Actual> {
  readonly expected: Expected
  readonly actual: Actual
  /** `renamed`: the same object with another name; `differs`: the same name or place, but another object. */
  readonly how: 'same' | 'renamed' | 'differs'
}
