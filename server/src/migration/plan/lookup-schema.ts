import type { Step, StepKind } from '../model'

/** The step, with the schema in which the names of the project's own SQL are looked up, where the step may hold any. */
export function withLookupSchema(step: Step, defaultSchema: string, all: readonly Step[]): Step {
  const isFilledWithSql = step.kind === 'populate' && step.batch?.isOneValue === false
  return isFilledWithSql || runsTriggers(step, all) || HOLD_PROJECT_SQL.has(step.kind)
    ? { ...step, lookupSchema: defaultSchema }
    : step
}

/** Does the step fill a table with triggers? They look names up as they do when the application writes. */
export function runsTriggers({ id, kind }: Step, all: readonly Step[]): boolean {
  return kind === 'populate' && all.some((other) => other.id === `hold-columns:${id}`)
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
