import type { AuditError } from '../../../errors'
import { isSameRun, readJournal, type JournalRun } from '../journal/journal'
import { forgetRolledBack } from '../journal/record-run'
import { withResumedSession, type SessionOptions } from '../session/session'
import { isShown, openSteps } from './roll-back-progress'

/**
 * Ends a rollback whose run is still remembered (`onUndone` of `rollBack`). A run that has steps to undo again, because
 * another session continued it, stays. Returns an error if an event trigger rejects dropping the journal.
 */
export async function forgetUndoneRun(
  options: Omit<SessionOptions, 'waitForOther'>,
  undone: Pick<JournalRun, 'id' | 'startedAt'>,
): Promise<AuditError | null> {
  return await withResumedSession({ ...options, waitForOther: WAIT }, async ({ client }) => {
    const run = (await readJournal(client)).find((each) => isSameRun(each, undone))
    if (run?.state !== 'rolling back' || openSteps(run).some(({ step }) => isShown(step))) return null
    return await forgetRolledBack(client, run.id)
  })
}

/** Milliseconds. */
const WAIT = 30_000
