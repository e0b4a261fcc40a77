import type { Step } from '../../model'
import type { JournalStep } from '../journal/journal'

/** The planned steps that an unfinished run does not have: what a run adds to it. */
export function missingSteps(planned: readonly Step[], unfinished: readonly Pick<JournalStep, 'step'>[]): Step[] {
  const known = new Set(unfinished.map(({ step }) => step.id))
  // The values of a column that the unfinished run itself added need no check before its foreign key.
  const ownColumns = new Set(unfinished.map(({ step }) => addedForeignKeyOf(step.id)))
  return planned.filter(({ id, kind }) => !known.has(id) && !(kind === 'precondition' && ownColumns.has(id)))
}

/** The precondition that a foreign key's step would have if its column had existed before; null for other steps. */
function addedForeignKeyOf(id: string): string | null {
  const prefix = 'add-foreign-key:'
  return id.startsWith(prefix) ? `precondition:${id.slice(prefix.length)}:no-orphans` : null
}
