import { quoteQualified } from '../../database/quote'
import type { Step } from '../model'
import { tablesOf } from './survey'
import { phrase, type Phrase } from '../../text/phrase'

/**
 * The steps that cannot be rehearsed because a table that they need could not be loaded, by identifier with the reason,
 * and all later steps on the same table, which depend on them.
 *
 * @param missing quoted, qualified names
 */
export function skippedSteps(steps: readonly Step[], missing: readonly string[]): Map<string, Phrase> {
  const causes = new Map(missing.map((table) => [table, table]))
  const skipped = new Map<string, Phrase>()
  for (const step of steps) {
    const needed = tablesOf(step)
    const own = quoteQualified(step.schema, step.table)
    // A step that locks no table, such as creating a function, needs none.
    const cause = (needed.length === 0 ? [] : [...needed, own]).map((table) => causes.get(table)).find(isKnown)
    if (cause === undefined) continue
    skipped.set(step.id, phrase`${cause} could not be loaded`)
    causes.set(own, cause)
  }
  return skipped
}

function isKnown(cause: string | undefined): cause is string {
  return cause !== undefined
}
