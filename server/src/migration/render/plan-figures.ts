import { patternsOf, phraseAmong } from '../../text/known-texts'
import { phrase, phraseIn, phraseText, type Phrase, type PhraseValue } from '../../text/phrase'
import { modelOfTable, type ModelNames } from '../plan/model-names'
import { titleOfQuoted, titleOfTable } from '../plan/titles'
import type { Plan, Step } from '../model'
import type { PlannedHistory } from '../planned-history'
import { LOCK_DURATIONS } from './costs'
import { inEnglish, type Translate } from '../../text/translate'

/** What the figures are about. */
export interface PlannedRun {
  readonly plan: Pick<Plan, 'warnings'>
  readonly models: ModelNames
  readonly history: Pick<PlannedHistory, 'steps'>
}

/** `9 models, 1 table without a model, 65 steps, 2 warnings`, of as many steps as the run has. */
export function planFigures(
  { plan: { warnings }, models: names, history: { steps } }: PlannedRun,
  t: Translate = inEnglish,
): string {
  const onTables = steps.filter(({ table, kind }) => table !== '' && kind !== 'record-history')
  const models = new Set(onTables.flatMap((step) => modelOfTable(names, step) ?? []))
  const tables = new Set(onTables.filter((step) => modelOfTable(names, step) === null).map(titleOfTable))
  return [
    ...(models.size === 0 ? [] : [models.size === 1 ? t('1 model') : t('{0} models', models.size)]),
    ...(tables.size === 0
      ? []
      : [tables.size === 1 ? t('1 table without a model') : t('{0} tables without a model', tables.size)]),
    steps.length === 1 ? t('1 step') : t('{0} steps', steps.length),
    ...(warnings.length === 0 ? [] : [warnings.length === 1 ? t('1 warning') : t('{0} warnings', warnings.length)]),
  ].join(', ')
}

/** The same of a manifest, which has it in English, as a phrase for an editor. */
export function phraseOfFigures(figures: string): Phrase {
  const parts = figures.split(', ').map((part): Phrase => {
    const { template, values } = phraseAmong(FIGURES, part)
    return { template, values: values.map((value) => amountOf(value) ?? value) }
  })
  return phrase`${parts}`
}

/** Of `1,065`. */
function amountOf(value: PhraseValue): number | null {
  return typeof value === 'string' && /^[\d,]+$/.test(value) ? Number(value.replace(/,/g, '')) : null
}

const FIGURES = patternsOf([
  phraseText('1 model'),
  phraseText('{0} models'),
  phraseText('1 table without a model'),
  phraseText('{0} tables without a model'),
  phraseText('1 step'),
  phraseText('{0} steps'),
  phraseText('1 warning'),
  phraseText('{0} warnings'),
])

/**
 * The lock that blocks others longest: `SHARE on Lead, while rows are read`. A brief one only if there is no longer
 * one; null if no lock blocks readers or writers.
 */
export function longestLock(steps: readonly Step[], t: Translate = inEnglish): string | null {
  const blocking = steps.filter(({ lock }) => lock.tables.length > 0 && BLOCKING.includes(lock.mode))
  const lasting = blocking.filter(({ lock }) => lock.duration !== 'brief')
  const [longest] = (lasting.length > 0 ? lasting : blocking).toSorted(
    (left, right) => BLOCKING.indexOf(left.lock.mode) - BLOCKING.indexOf(right.lock.mode),
  )
  if (longest === undefined) return null
  const { mode, tables, duration } = longest.lock
  const names = tables.map(titleOfQuoted)
  const more = names.length - 2
  const shown = more > 1 ? t('{0} and {1} more tables', names.slice(0, 2).join(', '), more) : names.join(', ')
  return t('{0} on {1}, {2}', mode, shown, phraseIn(t, LOCK_DURATIONS[duration]))
}

/** Modes that conflict with the application's writes, strongest first. */
const BLOCKING = ['ACCESS EXCLUSIVE', 'EXCLUSIVE', 'SHARE ROW EXCLUSIVE', 'SHARE']
