import { STEP_KINDS } from '../../step-kinds'
import type { JournalRun } from './journal'

/**
 * What a command works on: the PostgreSQL schemas of its project. A database may contain the schemas of many projects
 * or tenants, and one journal has the runs of all of them.
 */
export interface RunTarget {
  /** Unquoted names; undefined: the whole database. */
  readonly schemas?: readonly string[]
}

/** Whether the run belongs to the target: it does not if it changes a table outside the target's schemas. */
export function isOwnRun(run: JournalRun, { schemas }: RunTarget): boolean {
  if (schemas === undefined) return true
  const touched = schemasOf(run)
  return touched.some((name) => schemas.includes(name)) && schemasOfTables(run).every((name) => schemas.includes(name))
}

/** The schemas that a run changes, in the order of its steps. */
export function schemasOf({ steps }: JournalRun): string[] {
  return [...new Set(steps.map(({ step }) => step.schema).filter((name) => name !== ''))]
}

/** Without those that only contain partitions, which may be in another schema than their table. */
function schemasOfTables({ steps }: JournalRun): string[] {
  return steps.filter(({ step }) => STEP_KINDS[step.kind].isOfPartitionsToo !== true).map(({ step }) => step.schema)
}
