/** How a check ended. */
export interface Ended {
  readonly state: 'pass' | 'fail' | 'skipped'
  readonly milliseconds: number
}

/** The checks of a model that have no rows of their own, which end as one. */
export class ModelTally {
  private readonly ended = new Map<string, Ended>()
  private passed = 0
  private failed = 0
  private milliseconds = 0

  constructor(private readonly count: number) {}

  get isComplete(): boolean {
    return this.ended.size >= this.count
  }

  /** For the row that the check gets if the model is expanded meanwhile; undefined if it has not ended. */
  endOf(id: string): Ended | undefined {
    return this.ended.get(id)
  }

  /**
   * Returns how the model ended, with its last check; null before. A check that failed gets a row, whose state the
   * model shows, so the others then say nothing.
   */
  add(id: string, { state, milliseconds }: Ended): Ended | null {
    this.ended.set(id, { state, milliseconds })
    this.milliseconds += milliseconds
    if (state === 'pass') this.passed++
    else if (state === 'fail') this.failed++
    if (!this.isComplete || this.failed > 0) return null
    return { state: this.passed > 0 ? 'pass' : 'skipped', milliseconds: this.milliseconds }
  }
}

/** The reasons why checks without rows were not run, each said once: there may be thousands of such checks. */
export class SaidReasons {
  private readonly said = new Set<string>()

  isNew(reason: string): boolean {
    if (this.said.has(reason) || this.said.size === MOST_SAID) return false
    this.said.add(reason)
    return true
  }
}

const MOST_SAID = 100
