import type { CoveragePart, CoveragePartState, CoverageState } from '../../../protocol/src/coverage-states'
import type { Coverage, CoverageCell } from '../editor/coverage'
import type { Translate } from '../text/translate'

/** A state is shown by a symbol and a word, so that colour is not needed to tell it. */
export const CELL_SYMBOLS: Readonly<Record<CoverageState, string>> = {
  complete: '✓',
  partial: '◐',
  missing: '✗',
  unknown: '?',
  ignored: '⊘',
  'not required': '–',
}

/** In the order in which they are counted. */
export const CELL_STATES = Object.keys(CELL_SYMBOLS) as readonly CoverageState[]

export const PART_SYMBOLS: Readonly<Record<CoveragePartState, string>> = {
  present: '✓',
  missing: '✗',
  faulty: '!',
  unknown: '?',
}

/** A cell's state in words, and what it lacks: `partial: index missing, trigger faulty`. */
export function cellWords(t: Translate, { state, parts }: CoverageCell): string {
  const words = coverageWords(t)
  const lacks = parts
    .filter((part) => part.state !== 'present')
    .map((part) => `${words[part.name]} ${words[part.state]}`)
  return [words[state], ...(lacks.length === 0 ? [] : [lacks.join(', ')])].join(': ')
}

export function stateWord(t: Translate, state: CoverageState): string {
  return coverageWords(t)[state]
}

export function coverageWords(
  t: Translate,
): Readonly<Record<CoverageState | CoveragePartState | CoveragePart['name'], string>> {
  return {
    complete: t('complete'),
    partial: t('partial'),
    missing: t('missing'),
    unknown: t('unknown'),
    ignored: t('ignored'),
    'not required': t('not required'),
    present: t('present'),
    faulty: t('faulty'),
    schema: t('schema'),
    column: t('column'),
    key: t('key'),
    index: t('index'),
    trigger: t('trigger'),
  }
}

/** `3 missing`. */
export function countWords(t: Translate, state: CoverageState, count: number): string {
  switch (state) {
    case 'complete':
      return t('{0} complete', count)
    case 'partial':
      return t('{0} partial', count)
    case 'missing':
      return t('{0} missing', count)
    case 'unknown':
      return t('{0} unknown', count)
    case 'ignored':
      return t('{0} ignored', count)
    case 'not required':
      return t('{0} not required', count)
  }
}

/** The number of cells in each state. */
export function countStates({ models }: Coverage): Readonly<Record<CoverageState, number>> {
  const counts = { complete: 0, partial: 0, missing: 0, unknown: 0, ignored: 0, 'not required': 0 }
  for (const { cells } of models) for (const { state } of cells) counts[state]++
  return counts
}

/** `12 of 15 required audit fields are complete: 2 partial, 1 missing`. */
export function summaryOf(t: Translate, coverage: Coverage): string {
  const counts = countStates(coverage)
  const required = counts.complete + counts.partial + counts.missing + counts.unknown
  const rest = (['partial', 'missing', 'unknown', 'ignored'] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => countWords(t, state, counts[state]))
    .join(', ')
  if (required === 0 && rest === '') return t('No model requires an audit field')
  const summary = t('{0} of {1} required audit fields are complete', counts.complete, required)
  return rest === '' ? summary : `${summary}: ${rest}`
}
