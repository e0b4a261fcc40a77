import { quoteIdentifier, quoteQualified } from '../database/quote'
import type { Plan } from '../migration/model'
import type { KeptValues } from '../migration/run/kept/kept-columns'
import type { PutBackResult } from '../migration/run/kept/put-back'
import type { Interaction } from './interaction'
import { text } from '../text/safe-text'

/** What to do with values that a rollback kept: `leave` is the explicit choice not to be asked. */
export type KeptValuesChoice = 'ask' | 'leave'

/** Those that belong into a column that the plan adds. */
export function keptValuesFor(plan: Plan, kept: readonly KeptValues[]): KeptValues[] {
  return kept.filter(({ schema, table, column }) =>
    plan.steps.some(
      (step) => step.kind === 'add-column' && step.schema === schema && step.table === table && step.object === column,
    ),
  )
}

/** Asks whether to put them back; null when the user turned away from the question. */
export async function decideKeptValues(
  interaction: Interaction,
  kept: readonly KeptValues[],
  choice: KeptValuesChoice,
): Promise<'put back' | 'leave' | null> {
  if (kept.length === 0) return 'leave'
  if (choice === 'leave') {
    interaction.output(text`Kept values: left where they are (${LEFT}).`)
    return 'leave'
  }
  const count = kept.reduce((sum, { count }) => sum + count, 0)
  const latest = new Date(Math.max(...kept.map(({ keptAt }) => keptAt.getTime())))
  const answer = await interaction.confirm({
    message: `Put back ${counted(count)} kept at ${latest.toISOString().slice(0, 19)}Z?`,
    detail: [
      'A rollback kept what the application had written:',
      ...kept.map((one) => `${nameOf(one)}: ${counted(one.count)}`),
      'Values stay where they are if their row or user was deleted, if the key of the row has changed, or if you leave them.',
    ],
    choices: [
      { id: 'put-back', label: 'Put Them Back' },
      { id: 'leave', label: 'Leave Them (--leave-kept-values)' },
    ],
    yes: 'put-back',
  })
  if (answer === null) return null
  return answer === 'put-back' ? 'put back' : 'leave'
}

/** A line for each column whose values were put back. */
export function renderPutBack(results: readonly PutBackResult[]): string[] {
  return results.map((result) => {
    const passedOver = [
      [result.rowGone, 'without a row (deleted, or its key has changed), still kept'],
      [result.userGone, 'whose user was deleted, still kept'],
      [result.overtaken, 'that something newer had replaced'],
    ] as const
    const notes = passedOver.flatMap(([count, why]) => (count === 0 ? [] : [`${counted(count)} ${why}`]))
    const rest = notes.length === 0 ? '' : `; not put back: ${notes.join(', ')}`
    return `  put back ${counted(result.putBack)} of ${nameOf(result)}${rest}`
  })
}

/** `"ownerId" of "public"."Lead"`. */
export function nameOf({ schema, table, column }: Pick<KeptValues, 'schema' | 'table' | 'column'>): string {
  return `${quoteIdentifier(column)} of ${quoteQualified(schema, table)}`
}

export function counted(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'value' : 'values'}`
}

const LEFT = 'prisma_audit_kept.kept_value'
