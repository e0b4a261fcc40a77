import type { Step } from '../model'
import { titleOfModel, type ModelNames } from '../plan/model-names'
import { titleOfQuoted, titleOfTable } from '../plan/titles'
import { STEP_KINDS } from '../step-kinds'
import { markdownLine, sqlFence } from '../../text/markdown-text'
import { lineOf } from '../../text/safe-text'
import { estimatedTime, LOCK_DURATIONS, lockTime, NO_ESTIMATE } from './costs'
import { sql } from './markdown'
import { firstOf } from '../../text/bounded-list'
import { phrase, phraseIn, type Phrase } from '../../text/phrase'
import type { Translate } from '../../text/translate'
import { phraseOfTitle } from '../plan/step-titles'

/** How steps are shown: with `folded`, the SQL of a model is collapsed, if the viewer supports HTML's `details`. */
export type StepForm = 'folded' | 'open'

/** The steps grouped by model, each group with an overview table followed by the SQL. */
export function renderSteps(steps: readonly Step[], models: ModelNames, form: StepForm, t: Translate): string[] {
  return [...groupsOf(steps, models, t)].flatMap(([name, numbered]) => [
    `## ${markdownLine(name)}`,
    stepTable(numbered, t),
    ...(showsSql(steps, form) ? details(numbered, form, t) : []),
  ])
}

/**
 * An editor shows tens of thousands of steps without their SQL: that of 60,000 is 80 MB of text, more than a page can
 * lay out or anybody reads, and several times that in the server's memory.
 */
export function showsSql({ length }: readonly Step[], form: StepForm): boolean {
  return form === 'open' || length <= MOST_FOLDED
}

/** Steps; 12,000 are those of 1,000 models. */
const MOST_FOLDED = 20_000

interface NumberedStep {
  readonly step: Step
  readonly number: number
}

/** Grouped by what they change, in order of first appearance. */
function groupsOf(steps: readonly Step[], models: ModelNames, t: Translate): Map<string, NumberedStep[]> {
  const groups = new Map<string, NumberedStep[]>()
  for (const [index, step] of steps.entries()) {
    const name = nameOfGroup(step, models, t)
    const group = groups.get(name) ?? []
    groups.set(name, group)
    group.push({ step, number: index + 1 })
  }
  return groups
}

function nameOfGroup({ kind, schema, table }: Step, models: ModelNames, t: Translate): string {
  if (kind === 'record-history') return t("Prisma's migration history")
  if (table === '' || kind === 'create-function') return t('Shared objects')
  return titleOfModel(models, { schema, table })
}

function stepTable(steps: readonly NumberedStep[], t: Translate): string {
  const rows = steps.map(({ step, number }) => {
    const { time } = step.estimate ?? NO_ESTIMATE
    const cells = [`${number}`, titleOf(step, t), shortLock(step, t), phraseIn(t, time)]
    return `| ${cells.join(' | ')} |`
  })
  return [`| # | ${t('step')} | ${t('lock')} | ${t('time')} |`, '|---|---|---|---|', ...rows].join('\n')
}

function titleOf({ title }: Step, t: Translate): string {
  return markdownLine(phraseIn(t, phraseOfTitle(title)))
}

function details(steps: readonly NumberedStep[], form: StepForm, t: Translate): string[] {
  const rendered = steps.map((step) => renderStep(step, t))
  if (form === 'open') return rendered
  const what = steps.length === 1 ? t('SQL of the step') : t('SQL of the {0} steps', steps.length)
  return [`<details><summary>${what}</summary>`, ...rendered, '</details>']
}

/** One step: what it does, its costs, its SQL, its rollback and its verification. */
function renderStep({ step, number }: NumberedStep, t: Translate): string {
  const { why, nothingBack = phrase`Nothing to roll back.` } = STEP_KINDS[step.kind]
  return [
    `### ${number}. ${titleOf(step, t)}`,
    phraseIn(t, why),
    [
      `- ${t('Lock: {0}', lockOf(step, t))}`,
      `- ${t('Transaction: {0}', phraseIn(t, TRANSACTIONS[step.transaction]))}`,
      `- ${t('Rows: {0}', rowsOf(step, t))}`,
      `- ${t('Time: {0}', phraseIn(t, estimatedTime(step.estimate ?? NO_ESTIMATE)))}`,
      ...(step.holdsData === undefined ? [] : [`- ${t('Rollback: refused if values would be lost.')}`]),
    ].join('\n'),
    sql(step.up),
    ...(step.down.length === 0 ? [phraseIn(t, nothingBack)] : [t('Rollback:'), sql(step.down)]),
    ...(step.verify.length === 0 ? [] : [t('Verification:'), sqlFence(step.verify.map(proof).join('\n\n'))]),
  ].join('\n\n')
}

function proof({ sql: query, expected }: Step['verify'][number]): string {
  return `-- expected: ${lineOf(expected)}\n${query};`
}

const TRANSACTIONS: Readonly<Record<Step['transaction'], Phrase>> = {
  own: phrase`its own`,
  none: phrase`none (CONCURRENTLY)`,
  batches: phrase`one per batch`,
}

function lockOf({ lock }: Step, t: Translate): string {
  const { mode, tables } = lock
  if (tables.length === 0) return t('no lock')
  const names = tables.map((table) => markdownLine(titleOfQuoted(table))).join(', ')
  return t('{0} on {1}, {2}', mode, names, markdownLine(phraseIn(t, lockTime(lock))))
}

/** Without the table in the heading; a partitioned table may have hundreds, which the step itself lists. */
function shortLock({ lock, schema, table }: Step, t: Translate): string {
  const { mode, tables, duration } = lock
  if (tables.length === 0) return t('no lock')
  const names = tables.map(titleOfQuoted)
  const held = phraseIn(t, LOCK_DURATIONS[duration])
  if (names.length === 1 && names[0] === titleOfTable({ schema, table })) return `${mode}, ${held}`
  const shown = firstOf(names.map(markdownLine), ', ', TABLES_AT_A_GLANCE)
  return phraseIn(t, phrase`${mode} on ${shown}, ${held}`)
}

const TABLES_AT_A_GLANCE = 2

function rowsOf(step: Step, t: Translate): string {
  const work = step.rewrites ? t('rewrites the table') : step.scans ? t('reads the table') : t('reads no rows')
  const { estimatedRows } = step
  if ((!step.scans && !step.rewrites) || estimatedRows === null) return work
  return Math.round(estimatedRows) === 1 ? t('{0}, about 1 row', work) : t('{0}, about {1} rows', work, estimatedRows)
}
