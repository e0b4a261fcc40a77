import type { DatabaseClient } from '../../../database/connect'
import type { Plan } from '../../model'
import type { JournalRun } from '../journal/journal'
import type { StepKind } from '../../step-kinds'
import { isThere } from './run-step'

/**
 * Whether another run has completed all of this plan since it was made, for example while this one waited for the
 * migration lock. The rows that the application has written since would otherwise make a second run of it, with their
 * fill alone, and a rollback takes back only the newest run.
 */
export async function isDoneByAnother(
  client: DatabaseClient,
  { steps }: Plan,
  journal: readonly JournalRun[],
): Promise<boolean> {
  const isPlanOf = (run: JournalRun): boolean => {
    const done = new Set(run.steps.filter(({ state }) => state !== 'undone').map(({ step }) => step.id))
    return run.state === 'completed' && steps.every(({ id }) => done.has(id))
  }
  const ids = new Set(steps.map(({ id }) => id))
  // The check of a fill is about rows; and a CHECK for NOT NULL or a temporary trigger is gone when a run is complete.
  const structure = steps.filter(
    ({ kind, verify, lastsUntil }) =>
      !FILLS.has(kind) && verify.length > 0 && (lastsUntil === undefined || !ids.has(lastsUntil)),
  )
  if (structure.length === 0 || !journal.some(isPlanOf)) return false
  for (const step of structure) if (!(await isThere(client, step))) return false
  return true
}

const FILLS: ReadonlySet<StepKind> = new Set(['populate', 'put-back'])
