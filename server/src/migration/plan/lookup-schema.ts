import type { Step } from '../model'
import { STEP_KINDS } from '../step-kinds'

/** The step with the schema in which names in the project's own SQL are looked up, if it may contain any. */
export function withLookupSchema(step: Step, defaultSchema: string, all: readonly Step[]): Step {
  const isFilledWithSql = step.kind === 'populate' && step.batch?.isOneValue === false
  return isFilledWithSql || runsTriggers(step, all) || STEP_KINDS[step.kind].holdsProjectSql === true
    ? { ...step, lookupSchema: defaultSchema }
    : step
}

/** Whether the step fills a table with triggers. They look names up as for the application's writes. */
export function runsTriggers({ id, kind }: Step, all: readonly Step[]): boolean {
  return kind === 'populate' && all.some((other) => other.id === `hold-columns:${id}`)
}
