import type { Step } from '../../model'
import type { Waiting } from '../../../database/blockers'
import type { Rate } from './rate'

export interface RunProgress {
  readonly step: Step
  readonly title: string
  /** Of all steps of the run, including this one; the same list throughout. */
  readonly titles: readonly string[]
  /** Zero-based. */
  readonly index: number
  readonly count: number
  /** Null if the step is not a walk over rows. */
  readonly rowsDone: number | null
  /** An estimate; null if unknown. */
  readonly rowsTotal: number | null
  /** Over the last seconds; null if the step is not a walk over rows, or has only just started. */
  readonly rowsPerSecond: number | null
  readonly secondsLeft: number | null
  /** The sessions that currently block the step; null if there are none. */
  readonly waiting: Waiting | null
}

/** Combines partial updates into the complete progress of a run. */
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
