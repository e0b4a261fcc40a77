import type { Step } from '../model'
import { EXPLANATIONS } from './explanations'
import { markdownLine, sqlFence } from '../../text/markdown-text'
import { lineOf } from '../../text/safe-text'
import { sql } from './markdown'

/** All steps at a glance. */
export function stepTable(steps: readonly Step[]): string {
  const rows = steps.map((step, index) => {
    const cells = [
      `${index + 1}`,
      markdownLine(step.title),
      shortLock(step),
      TRANSACTIONS[step.transaction],
      rowsOf(step),
      timeOf(step).split(':')[0] ?? '',
    ]
    return `| ${cells.join(' | ')} |`
  })
  const head = ['| # | step | lock | transaction | rows | time |', '|---|---|---|---|---|---|']
  return ['## Steps', '', ...head, ...rows].join('\n')
}

/** One step: what it does and at what price, how it is done, taken back and proven. */
export function renderStep(step: Step, index: number): string {
  return [
    `### ${index + 1}. ${markdownLine(step.title)}`,
    EXPLANATIONS[step.kind],
    [
      `- Lock: ${lockOf(step)}`,
      `- Transaction: ${TRANSACTIONS[step.transaction]}`,
      `- Rows: ${rowsOf(step)}`,
      `- Time: ${timeOf(step)}`,
      ...(step.holdsData === undefined ? [] : ['- The rollback is refused while it would lose values.']),
    ].join('\n'),
    sql(step.up),
    ...(step.down.length === 0 ? [NOTHING_BACK[step.kind] ?? 'Nothing to roll back.'] : ['Rollback:', sql(step.down)]),
    ...(step.verify.length === 0 ? [] : ['Verification:', sqlFence(step.verify.map(proof).join('\n\n'))]),
  ].join('\n\n')
}

const NOTHING_BACK: Partial<Readonly<Record<Step['kind'], string>>> = {
  'add-enum-value': 'Cannot be rolled back: PostgreSQL cannot drop an enum value.',
  'validate-constraint': 'Nothing to roll back: the constraint is dropped by its own step.',
  populate: 'Nothing to roll back: the values are dropped with the column.',
}

function proof({ sql: query, expected }: Step['verify'][number]): string {
  return `-- expected: ${lineOf(expected)}\n${query};`
}

const TRANSACTIONS: Readonly<Record<Step['transaction'], string>> = {
  own: 'one of its own',
  none: 'none, as CONCURRENTLY demands',
  batches: 'one for each batch',
}

function lockOf({ lock }: Step): string {
  return lock.tables.length === 0
    ? 'none'
    : `${lock.mode} on ${lock.tables.map(markdownLine).join(', ')}, ${lock.duration}`
}

/** A partitioned table may have hundreds of partitions; all of them stand with the step itself. */
function shortLock(step: Step): string {
  const { mode, tables, duration } = step.lock
  if (tables.length <= TABLES_AT_A_GLANCE) return lockOf(step)
  const first = tables.slice(0, TABLES_AT_A_GLANCE - 1).map(markdownLine)
  return `${mode} on ${first.join(', ')} and ${tables.length - first.length} more, ${markdownLine(duration)}`
}

const TABLES_AT_A_GLANCE = 3

function rowsOf(step: Step): string {
  const work = step.rewrites ? 'rewrites the table' : step.scans ? 'reads the table' : 'reads no rows'
  if (!step.scans && !step.rewrites) return work
  return step.estimatedRows === null ? work : `${work}, about ${step.estimatedRows.toLocaleString('en-US')} rows`
}

function timeOf({ estimate = 'unknown' }: Step): string {
  return estimate
}
