import type { Step, StepKind } from '../model'

/** The step, with the schema in which the names of the project's own SQL are looked up, where the step may hold any. */
export function withLookupSchema(step: Step, defaultSchema: string): Step {
  const holdsProjectSql = step.kind === 'populate' ? step.batch?.isOneValue === false : HOLD_PROJECT_SQL.has(step.kind)
  return holdsProjectSql ? { ...step, lookupSchema: defaultSchema } : step
}

/** Defaults, types that only the schema knows, conditions and operator classes of indexes, and where an extension goes. */
const HOLD_PROJECT_SQL: ReadonlySet<StepKind> = new Set<StepKind>([
  'add-column',
  'set-default',
  'drop-default',
  'create-table',
  'create-index',
  'create-partitioned-index',
  'create-extension',
])
