import { readJournal, type JournalRun } from '../migration/run/journal/journal'
import { isOwnRun } from '../migration/run/journal/run-target'
import type { DatabaseTarget } from '../project/live-database'
import { withClient } from '../database/connect'

/** What the journal says of a migration that has not ended. */
export interface RunState {
  /** Steps that stand, of how many; a step that was begun and cannot be told from a finished one counts. */
  readonly applied: number
  readonly total: number
}

/**
 * The newest run of the target that broke off, as the journal has it, whatever the command believed; null where there is none.
 * `unknown` where the database does not answer in time. For after a command stopped: it connects anew, with no signal of the command's.
 */
export async function readRunState(target: DatabaseTarget): Promise<RunState | null | 'unknown'> {
  try {
    const run = await readOpenRun(target)
    return run === null ? null : appliedSteps(run)
  } catch {
    return 'unknown'
  }
}

/** The run itself; rejects where it cannot be read. */
export async function readOpenRun(target: DatabaseTarget): Promise<JournalRun | null> {
  const journal = await withClient(
    target.url,
    { connectTimeout: 5000, statementTimeout: 5000, server: target.server },
    (client) => readJournal(client),
  )
  return journal.findLast((entry) => OPEN.includes(entry.state) && isOwnRun(entry, target)) ?? null
}

export function appliedSteps(run: JournalRun): RunState {
  const changing = run.steps.filter(({ step }) => step.kind !== 'precondition')
  const applied = changing.filter(
    ({ state, step }) => state === 'done' || (state === 'running' && step.transaction !== 'own'),
  )
  return { applied: applied.length, total: changing.length }
}

const OPEN: readonly string[] = ['running', 'rolling back']
