import type { Step } from '../model'
import { STEP_KINDS } from '../step-kinds'

/** The step, with the schema in which the names of the project's own SQL are looked up, where the step may hold any. */
export function withLookupSchema(step: Step, defaultSchema: string, all: readonly Step[]): Step {
  const isFilledWithSql = step.kind === 'populate' && step.batch?.isOneValue === false
  return isFilledWithSql || runsTriggers(step, all) || STEP_KINDS[step.kind].holdsProjectSql === true
    ? { ...step, lookupSchema: defaultSchema }
    : step
}

/** Does the step fill a table with triggers? They look names up as they do when the application writes. */
export function runsTriggers({ id, kind }: Step, all: readonly Step[]): boolean {
  return kind === 'populate' && all.some((other) => other.id === `hold-columns:${id}`)
}
