import type { Step } from '../model'
import { STEP_KINDS } from '../step-kinds'

/**
 * The steps, each with the schema in which names in the project's own SQL are looked up if it may contain any.
 * @param mayHoldSql false for a step whose SQL is ours, as the caller knows
 */
export function withLookupSchema(
  steps: readonly Step[],
  defaultSchema: string,
  mayHoldSql: (step: Step) => boolean = () => true,
): Step[] {
  // Looked up by name: a plan for a thousand models has fourteen thousand steps.
  const ids = new Set(steps.map(({ id }) => id))
  return steps.map((step) => {
    const { kind, id, batch } = step
    const holdsSql = (kind === 'populate' && batch?.isOneValue === false) || STEP_KINDS[kind].holdsProjectSql === true
    // The triggers of the table that it fills look names up as for the application's writes.
    const runsTriggers = kind === 'populate' && ids.has(`hold-columns:${id}`)
    return runsTriggers || (holdsSql && mayHoldSql(step)) ? { ...step, lookupSchema: defaultSchema } : step
  })
}
