import type { Plan } from '../migration/model'
import { titleOfColumn } from '../migration/plan/titles'
import type { PreservedValues } from '../migration/run/preserved/preserved-columns'
import type { RestoredValues } from '../migration/run/preserved/restore-values'
import type { Interaction } from './interaction'
import { text, textOf } from '../text/safe-text'
import { counted, grouped } from '../text/amounts'

/** What to do with values that a rollback preserved: `leave` is the explicit choice not to be asked. */
export type PreservedValuesChoice = 'ask' | 'leave'

/** Preserved values of a column that the plan adds. */
export interface RestorableValues extends PreservedValues {
  /** NULLs among them that cannot be restored, because the column is now required. */
  readonly impossibleNulls: number
}

/** Preserved values of columns that the plan adds. */
export function preservedValuesFor({ steps }: Plan, preserved: readonly PreservedValues[]): RestorableValues[] {
  const added = preserved.filter(({ schema, table, column }) =>
    steps.some(
      (step) => step.kind === 'add-column' && step.schema === schema && step.table === table && step.object === column,
    ),
  )
  return added.map((one) => ({ ...one, impossibleNulls: becomesRequired(steps, one) ? one.nulls : 0 }))
}

/** Whether the column is NOT NULL after the plan. Then preserved NULLs are not restored: their rows are filled. */
function becomesRequired(steps: Plan['steps'], { schema, table, column }: PreservedValues): boolean {
  return steps.some(
    (step) =>
      step.kind === 'set-not-null' && step.schema === schema && step.table === table && step.insertMustName === column,
  )
}

/** Asks whether to restore them; null if the user dismissed the question. */
export async function decidePreservedValues(
  interaction: Interaction,
  preserved: readonly RestorableValues[],
  choice: PreservedValuesChoice,
): Promise<'put back' | 'leave' | null> {
  if (preserved.length === 0) return 'leave'
  if (choice === 'leave') {
    interaction.output(text`Preserved values: left in ${LEFT}.`)
    return 'leave'
  }
  const impossible = preserved.flatMap(impossibleNulls)
  if (impossible.length > 0) interaction.output(textOf(impossible))
  const count = preserved.reduce((sum, { count, impossibleNulls }) => sum + count - impossibleNulls, 0)
  if (count === 0) return 'leave'
  const latest = new Date(Math.max(...preserved.map(({ preservedAt }) => preservedAt.getTime())))
  const { t } = interaction
  const time = `${latest.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const answer = await interaction.confirm({
    message:
      count === 1
        ? t('Restore 1 value preserved at {0}?', time)
        : t('Restore {0} values preserved at {1}?', count, time),
    detail: [
      t('A rollback preserved what the application had written:'),
      ...preserved.map((one) => `${nameOf(one)}: ${countedWithNulls(one)}`),
      ...impossible,
      t('Values stay preserved if their row or user was deleted, or if the key of the row has changed.'),
    ],
    choices: [
      { id: 'put-back', label: t('Restore Values') },
      { id: 'leave', label: t('Leave Them') },
    ],
    yes: 'put-back',
  })
  if (answer === null) return null
  return answer === 'put-back' ? 'put back' : 'leave'
}

/** Explains what happens to rows that the application left without a value. */
function impossibleNulls({ impossibleNulls: count, ...column }: RestorableValues): string[] {
  if (count === 0) return []
  return [
    `${nameOf(column)} is required now: ${counted(count, 'row')} with a preserved NULL ${count === 1 ? 'is' : 'are'} filled like the others.`,
  ]
}

/** A line for each column whose values were restored. */
export function renderPutBack(results: readonly RestoredValues[]): string[] {
  return results.map((result) => {
    const passedOver = [
      [result.rowGone, 'without a row (deleted, or its key has changed), still preserved'],
      [result.userGone, 'whose user was deleted, still preserved'],
      [result.overtaken, 'replaced by a newer value'],
    ] as const
    const notes = passedOver.flatMap(([count, why]) => (count === 0 ? [] : [`${counted(count, 'value')} ${why}`]))
    const rest = notes.length === 0 ? '' : `; not restored: ${notes.join(', ')}`
    return `  restored ${counted(result.putBack, 'value')} of ${nameOf(result)}${rest}`
  })
}

/** `Lead.ownerId`. */
export function nameOf(column: Pick<PreservedValues, 'schema' | 'table' | 'column'>): string {
  return titleOfColumn(column)
}

/** `42 values (1 NULL)`. */
export function countedWithNulls({ count, nulls }: { readonly count: number; readonly nulls: number }): string {
  return counted(count, 'value') + (nulls === 0 ? '' : ` (${grouped(nulls)} NULL)`)
}

const LEFT = 'prisma_audit_kept'
