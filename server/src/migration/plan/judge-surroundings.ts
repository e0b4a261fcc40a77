import { type Phrase } from '../../text/phrase'
import { eventTriggerWarnings } from './event-triggers'
import type { Surroundings } from '../../database/model-surroundings'
import type { Plan, Step } from '../model'
import { costRemarks } from './cost'
import { tableName } from './sql'
import type { ChangedTable } from './surroundings/changed-table'
import { refusalsOfTable } from './surroundings/refusals'
import { warningsOfTable } from './surroundings/warnings'
import { titleOfQuoted } from './titles'

/** Refusals, warnings and remarks of a plan because of the objects around its tables. */
export function judgeSurroundings(
  plan: Plan,
  { tables, sizes, replication, eventTriggers, functions }: Surroundings,
): Pick<Plan, 'refusals' | 'warnings'> & {
  readonly remarks: readonly Phrase[]
  readonly tableBytes: Plan['tableBytes']
} {
  const byName = new Map(tables.map((table) => [table.table, table]))
  const steps = new Map<string, Step[]>()
  for (const step of plan.steps) steps.set(tableName(step), [...(steps.get(tableName(step)) ?? []), step])
  const changed = tables.map((around): ChangedTable => {
    const label = titleOfQuoted(around.table)
    const model = plan.additions.find((addition) => tableName(addition) === around.table)?.model ?? label
    return { around, label, model, steps: steps.get(around.table) ?? [] }
  })
  return {
    refusals: changed.flatMap((table) => refusalsOfTable(table, byName)),
    warnings: [
      ...eventTriggerWarnings(plan, eventTriggers),
      ...changed.flatMap((table) => warningsOfTable(table, functions)),
    ],
    remarks: costRemarks(plan, sizes, replication),
    tableBytes: Object.fromEntries([...sizes].map(([name, { rows }]) => [name, rows])),
  }
}

/** Quoted names of the tables that the plan changes or references. */
export function tablesOfPlan({ steps }: Pick<Plan, 'steps'>): string[] {
  const of = (step: Step) => (step.kind === 'record-history' ? [] : [tableName(step), ...step.lock.tables])
  return [...new Set(steps.flatMap(of))]
}
