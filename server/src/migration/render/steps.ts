import type { Step } from '../model'
import { titleOfModel, type ModelNames } from '../plan/model-names'
import { titleOfQuoted, titleOfTable } from '../plan/titles'
import { STEP_KINDS } from '../step-kinds'
import { markdownLine, sqlFence } from '../../text/markdown-text'
import { lineOf } from '../../text/safe-text'
import { sql } from './markdown'
import { counted } from '../../text/amounts'
import { listNames } from '../../text/bounded-list'

/** How steps are shown: with `folded`, the SQL of a model is collapsed, if the viewer supports HTML's `details`. */
export type StepForm = 'folded' | 'open'

/** The steps grouped by model, each group with an overview table followed by the SQL. */
export function renderSteps(steps: readonly Step[], models: ModelNames, form: StepForm): string[] {
  return [...groupsOf(steps, models)].flatMap(([name, numbered]) => [
    `## ${markdownLine(name)}`,
    stepTable(numbered),
    ...details(numbered, form),
  ])
}

interface NumberedStep {
  readonly step: Step
  readonly number: number
}

/** Grouped by what they change, in order of first appearance. */
function groupsOf(steps: readonly Step[], models: ModelNames): Map<string, NumberedStep[]> {
  const groups = new Map<string, NumberedStep[]>()
  for (const [index, step] of steps.entries()) {
    const name = nameOfGroup(step, models)
    const group = groups.get(name) ?? []
    groups.set(name, group)
    group.push({ step, number: index + 1 })
  }
  return groups
}

function nameOfGroup({ kind, schema, table }: Step, models: ModelNames): string {
  if (kind === 'record-history') return "Prisma's migration history"
  if (table === '' || kind === 'create-function') return 'Shared objects'
  return titleOfModel(models, { schema, table })
}

function stepTable(steps: readonly NumberedStep[]): string {
  const rows = steps.map(({ step, number }) => {
    const cells = [`${number}`, markdownLine(step.title), shortLock(step), timeOf(step).split(':')[0] ?? '']
    return `| ${cells.join(' | ')} |`
  })
  return ['| # | step | lock | time |', '|---|---|---|---|', ...rows].join('\n')
}

function details(steps: readonly NumberedStep[], form: StepForm): string[] {
  const rendered = steps.map(renderStep)
  if (form === 'open') return rendered
  const what = steps.length === 1 ? 'SQL of the step' : `SQL of the ${steps.length} steps`
  return [`<details><summary>${what}</summary>`, ...rendered, '</details>']
}

/** One step: what it does, its costs, its SQL, its rollback and its verification. */
function renderStep({ step, number }: NumberedStep): string {
  return [
    `### ${number}. ${markdownLine(step.title)}`,
    STEP_KINDS[step.kind].why,
    [
      `- Lock: ${lockOf(step)}`,
      `- Transaction: ${TRANSACTIONS[step.transaction]}`,
      `- Rows: ${rowsOf(step)}`,
      `- Time: ${timeOf(step)}`,
      ...(step.holdsData === undefined ? [] : ['- Rollback: refused if values would be lost.']),
    ].join('\n'),
    sql(step.up),
    ...(step.down.length === 0
      ? [STEP_KINDS[step.kind].nothingBack ?? 'Nothing to roll back.']
      : ['Rollback:', sql(step.down)]),
    ...(step.verify.length === 0 ? [] : ['Verification:', sqlFence(step.verify.map(proof).join('\n\n'))]),
  ].join('\n\n')
}

function proof({ sql: query, expected }: Step['verify'][number]): string {
  return `-- expected: ${lineOf(expected)}\n${query};`
}

const TRANSACTIONS: Readonly<Record<Step['transaction'], string>> = {
  own: 'its own',
  none: 'none (CONCURRENTLY)',
  batches: 'one per batch',
}

function lockOf({ lock }: Step): string {
  const tables = lock.tables.map((table) => markdownLine(titleOfQuoted(table)))
  return tables.length === 0 ? 'none' : `${lock.mode} on ${tables.join(', ')}, ${markdownLine(lock.duration)}`
}

/** Without the table in the heading; a partitioned table may have hundreds, which the step itself lists. */
function shortLock({ lock, schema, table }: Step): string {
  const { mode, tables, duration } = lock
  if (tables.length === 0) return 'none'
  const names = tables.map(titleOfQuoted)
  const isItself = names.length === 1 && names[0] === titleOfTable({ schema, table })
  return `${mode}${isItself ? '' : ` on ${listNames(names.map(markdownLine), TABLES_AT_A_GLANCE)}`}, ${markdownLine(duration.split(';')[0] ?? '')}`
}

const TABLES_AT_A_GLANCE = 2

function rowsOf(step: Step): string {
  const work = step.rewrites ? 'rewrites the table' : step.scans ? 'reads the table' : 'reads no rows'
  if (!step.scans && !step.rewrites) return work
  return step.estimatedRows === null ? work : `${work}, about ${counted(step.estimatedRows, 'row')}`
}

function timeOf({ estimate = 'unknown' }: Step): string {
  return estimate
}
