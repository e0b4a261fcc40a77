import type { Step } from '../../model'
import type { Waiting } from '../execution/blockers'
import type { Rate } from './rate'

export interface RunProgress {
  readonly step: Step
  readonly title: string
  /** Of all steps of the run, this one's among them; the very same list throughout. */
  readonly titles: readonly string[]
  /** Zero-based. */
  readonly index: number
  readonly count: number
  /** Null where the step is no walk over rows. */
  readonly rowsDone: number | null
  /** An estimate; null where it is not known. */
  readonly rowsTotal: number | null
  /** Of the last seconds; null where the step is no walk over rows, or has hardly begun. */
  readonly rowsPerSecond: number | null
  readonly secondsLeft: number | null
  /** Who keeps the step from its lock at this moment; null where nobody does. */
  readonly waiting: Waiting | null
}

/** Remembers how far a run is, so that whoever knows a part of it can tell the whole. */
export class RunReporter {
  private latest: RunProgress | null = null

  constructor(private readonly onProgress: ((progress: RunProgress) => void) | undefined) {}

  begin(step: Step, index: number, titles: readonly string[]): void {
    this.tell({ step, title: step.title, titles, index, count: titles.length, ...NO_ROWS, waiting: null })
  }

  rows(rowsDone: number, rowsTotal: number | null, rate: Rate): void {
    if (this.latest !== null) this.tell({ ...this.latest, rowsDone, rowsTotal, ...rate, waiting: null })
  }

  waiting(waiting: Waiting): void {
    if (this.latest !== null) this.tell({ ...this.latest, waiting })
  }

  private tell(progress: RunProgress): void {
    this.latest = progress
    this.onProgress?.(progress)
  }
}

const NO_ROWS = { rowsDone: null, rowsTotal: null, rowsPerSecond: null, secondsLeft: null }
