import { inEnglish, type Translate } from '../text/translate'

/** The progress of a walk over rows, or of a wait for a lock. */
export interface ProgressParts {
  readonly rowsDone: number | null
  readonly rowsTotal: number | null
  readonly rowsPerSecond: number | null
  readonly secondsLeft: number | null
  /** The blocking sessions, each as a phrase; null if there are none. */
  readonly waiting: { readonly seconds: number; readonly blockers: readonly string[] } | null
}

/** `2,000 of about 7,000 rows, 5,400 rows/s, 1 s left`; empty if there is nothing to report. */
export function renderProgressDetail(parts: ProgressParts, t: Translate = inEnglish): string {
  const { rowsDone, rowsTotal, rowsPerSecond, secondsLeft, waiting } = parts
  if (waiting !== null) return t('waiting {0} for {1}', renderDuration(waiting.seconds), waiting.blockers.join('; '))
  if (rowsDone === null) return ''
  return [
    rowsTotal === null ? rowsSoFar(rowsDone, t) : t('{0} of about {1} rows', rowsDone, rowsTotal),
    ...(rowsPerSecond === null ? [] : [t('{0} rows/s', rowsPerSecond)]),
    ...(secondsLeft === null ? [] : [t('{0} left', renderDuration(secondsLeft))]),
  ].join(', ')
}

function rowsSoFar(rows: number, t: Translate): string {
  return rows === 1 ? t('1 row') : t('{0} rows', rows)
}

/** The progress of a command, from 0 to 100: finished steps, and the finished part of a walk over rows. */
export function percentageOf(
  { rowsDone, rowsTotal }: Pick<ProgressParts, 'rowsDone' | 'rowsTotal'>,
  index: number,
  count: number,
): number {
  const part = rowsDone === null || rowsTotal === null || rowsTotal === 0 ? 0 : Math.min(1, rowsDone / rowsTotal)
  return Math.min(100, (100 * (index + part)) / Math.max(1, count))
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function renderDuration(seconds: number): string {
  const rounded = Math.ceil(seconds)
  if (rounded < 60) return `${rounded} s`
  if (rounded < 3600) return `${Math.floor(rounded / 60)} min ${rounded % 60} s`
  return `${Math.floor(rounded / 3600)} h ${Math.floor((rounded % 3600) / 60)} min`
}
