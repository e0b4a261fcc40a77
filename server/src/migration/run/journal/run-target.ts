import { STEP_KINDS } from '../../step-kinds'
import type { JournalRun } from './journal'

/**
 * What a command works on: the PostgreSQL schemas of its project. One database may hold the schemas of many, each of a
 * project or a tenant, and one journal has the runs of all.
 */
export interface RunTarget {
  /** Bare names; undefined: all of the database. */
  readonly schemas?: readonly string[]
}

/** Is the run one of the target's own? One that changes tables of a schema beside the target's is not. */
export function isOwnRun(run: JournalRun, { schemas }: RunTarget): boolean {
  if (schemas === undefined) return true
  const touched = schemasOf(run)
  return touched.some((name) => schemas.includes(name)) && schemasOfTables(run).every((name) => schemas.includes(name))
}

/** The schemas that a run changes, in the order of its steps. */
export function schemasOf({ steps }: JournalRun): string[] {
  return [...new Set(steps.map(({ step }) => step.schema).filter((name) => name !== ''))]
}

/** Without those where only partitions lie: a partition may be in another schema than its table. */
function schemasOfTables({ steps }: JournalRun): string[] {
  return steps.filter(({ step }) => STEP_KINDS[step.kind].isOfPartitionsToo !== true).map(({ step }) => step.schema)
}
