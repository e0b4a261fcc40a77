/** How a check ended. */
export interface Ended {
  readonly state: 'pass' | 'fail' | 'skipped'
  readonly milliseconds: number
}

/** The checks of a model that have no rows of their own, which end as one. */
export class ModelTally {
  private passed = 0
  private failed = 0
  private skipped = 0
  private milliseconds = 0

  constructor(private readonly count: number) {}

  get isComplete(): boolean {
    return this.passed + this.failed + this.skipped >= this.count
  }

  /**
   * Returns how the model ended, with its last check; null before. A check that failed gets a row, whose state the
   * model shows, so the others then say nothing.
   */
  add({ state, milliseconds }: Ended): { readonly state: 'pass' | 'skipped'; readonly milliseconds: number } | null {
    this.milliseconds += milliseconds
    if (state === 'pass') this.passed++
    else if (state === 'fail') this.failed++
    else this.skipped++
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
