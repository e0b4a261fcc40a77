import { compareHistory } from '../../history/compare-history'
import { recordGroups } from '../../history/record-groups'
import { ROLL_BACK_RECORD, rollBackRecords } from '../../history/roll-back-steps'
import type { Step } from '../../model'
import { inTransaction } from '../execution/execution'
import type { HistoryTarget } from './history'
import { placeOf, writeFolderOf } from './history'
import type { JournalRun, JournalStep } from '../journal/journal'
import { appendSteps, markStep } from '../journal/record-run'
import { listMigrations, removeMigration, requireWritable } from './migration-files'
import { readPrismaHistory } from './read-prisma-history'
import { requireFitPrismaHistory } from './prisma-history-faults'
import { requirePrivileges } from '../preconditions/privileges'
import { LOCK_TIMEOUT } from '../execution/retry'
import type { MigrationSession } from '../session/session'

/**
 * The migrations that undo, in Prisma's history, what it recorded of a run. They are stored in the journal before the
 * first step is undone, so that an interrupted rollback continues with the same ones.
 */
export async function prepareForwardMigrations(
  { client, prismaLock }: MigrationSession,
  run: JournalRun,
  target: HistoryTarget | undefined,
): Promise<readonly JournalStep[]> {
  const prepared = run.steps.filter(({ step }) => isForward(step))
  const [begun] = prepared
  if (begun !== undefined) await requireFitPrismaHistory(client, begun.step.schema)
  if (begun !== undefined || target === undefined) return prepared
  const recorded = recordGroups(run.steps, ({ step }) => step).filter(
    ({ records }) => records.length > 0 && records.every(isRecorded),
  )
  const steps = recorded.flatMap((group) => group.steps.filter(({ state }) => state === 'done').map(({ step }) => step))
  if (steps.length === 0) return []
  await prismaLock.take()
  requireWritable(placeOf(target))
  const applied = await readPrismaHistory(client, target.schema)
  const { newest } = compareHistory(listMigrations(target.prismaFolder), applied, target.prismaFolder)
  const records = rollBackRecords(steps, { ...target, now: new Date(), newest })
  await requirePrivileges(client, records, 'there already')
  const added = await appendSteps(client, run, records)
  // An earlier step may take long.
  await prismaLock.release()
  return added
}

/** Records them when everything is undone, and deletes the folders of the run that were never recorded. */
export async function recordForwardMigrations(
  { client, prismaLock }: MigrationSession,
  run: JournalRun,
  forward: readonly JournalStep[],
  target: HistoryTarget | undefined,
): Promise<void> {
  for (const { step, state } of run.steps) {
    const isUnrecorded = step.folder !== undefined && !isForward(step) && (state === 'pending' || state === 'running')
    if (!isUnrecorded || target === undefined) continue
    if (removeMigration(placeOf(target), step.folder)) target.onFolder(step.folder.name, 'removed')
  }
  for (const { step, state, position } of forward) {
    if (state === 'done') continue
    await prismaLock.take()
    writeFolderOf(target, step)
    await inTransaction(client, { lock_timeout: `${LOCK_TIMEOUT}ms` }, async () => {
      for (const statement of step.up) await client.query(statement)
      await markStep(client, run.id, position, 'done')
    })
  }
}

/** Whether these functions added the step to the journal. A rollback does not undo it. */
export function isForward(step: Step): boolean {
  return step.id.startsWith(`${ROLL_BACK_RECORD}:`)
}

function isRecorded({ state }: JournalStep): boolean {
  return state === 'done' || state === 'already there'
}
