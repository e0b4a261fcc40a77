import type { Step } from '../model'
import type { DatabaseClient } from '../../database/connect'
import { runCheck } from '../../verification/run-checks'
import { findDependents } from './dependents'
import { explainFailure, inTransaction, patiently } from './execution'
import { columnsAreInUse, rollbackStepFailed } from './errors'
import { dropJournalWhenEmpty, journalExists, markRun, markStep, type JournalRun, type JournalStep } from './journal'
import { columnsBeingKept, endCapture, type ColumnToKeep } from './kept/keep-column'
import { findColumnsToKeep, keepWrittenValues, requireRowKeys, settleKeptValues } from './kept/keep-written-values'
import { isColumn } from './kept/kept-columns'
import type { ColumnName } from './kept/row-key'
import { requirePrivileges } from './privileges'
import {
  isShown,
  openSteps,
  readIntent,
  readRunsToUndo,
  RollbackReporter,
  type Intent,
  type RollbackProgress,
  type RollbackResult,
} from './roll-back-progress'
import { LOCK_ATTEMPTS, LOCK_TIMEOUT, retryLocked } from './retry'
import { isConnectionLost, withResumedSession, type MigrationSession } from './session'

export type { RollbackProgress, RollbackResult } from './roll-back-progress'

export interface RollbackOptions {
  readonly url: string
  /** Honoured between steps; rolling back again goes on. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RollbackProgress) => void
  /** See `RunOptions`. */
  readonly waitForOther?: number
  readonly lockTimeout?: number
  readonly lockAttempts?: number
  /**
   * Values that the application has written are kept, so that a later run can put them back. Where the rows of a table
   * cannot be told apart they cannot, and the rollback is refused unless this is true.
   */
  readonly loseValues?: boolean
}

/**
 * Takes back what the runs of the journal made, newest first, unfinished runs too, and nothing else; then the journal
 * itself. What the application has written into the columns is kept. Refuses before the first change where something else
 * depends on a column. Nothing is dropped by CASCADE. A connection that broke is made again.
 */
export async function rollBack(options: RollbackOptions): Promise<RollbackResult> {
  const { url, signal, waitForOther = 30_000 } = options
  let intent: Intent | null = null
  return await withResumedSession({ url, signal, waitForOther }, async (session) => {
    // What a COMMIT whose answer was lost came to stands in the journal, so what was meant to be done is read once.
    intent ??= await readIntent(session.client)
    return await undoAll(session, intent, options)
  })
}

async function undoAll(session: MigrationSession, intent: Intent, options: RollbackOptions): Promise<RollbackResult> {
  const { client } = session
  const runs = await readRunsToUndo(client)
  const open = runs.flatMap(openSteps)
  const steps = open.map(({ step }) => step)
  const dependents = await findDependents(client, steps)
  if (dependents.length > 0) throw columnsAreInUse(dependents)
  await requirePrivileges(client, steps.filter(isShown).map(onlyOwnership), 'there already')
  const columns = await findColumnsToKeep(client, open, runs)
  if (options.loseValues !== true) await session.interruptible(() => requireRowKeys(client, columns))

  const progress = new RollbackReporter(intent, options.onProgress, runs)
  try {
    for (const run of runs) {
      options.signal?.throwIfAborted()
      await markRun(client, run.id, 'rolling back')
      await keepValuesOf(session, run, columns, progress, options)
      for (const entry of openSteps(run)) {
        options.signal?.throwIfAborted()
        progress.begin(entry.step)
        await undoStep(session, { runId: run.id, entry }, progress, options)
        progress.finish(entry.step, await isFunctionStillThere(client, entry.step))
      }
      await settleKeptValues(client)
      await markRun(client, run.id, 'rolled back')
    }
  } catch (error) {
    if (options.signal?.aborted !== true) throw error
    return await progress.result('stopped', client)
  }
  if (await journalExists(client)) await dropJournalWhenEmpty(client)
  return await progress.result('completed', client)
}

interface Undoing {
  readonly runId: string
  readonly entry: JournalStep
}

async function undoStep(
  session: MigrationSession,
  { runId, entry }: Undoing,
  progress: RollbackReporter,
  options: RollbackOptions,
): Promise<void> {
  const { client } = session
  const { step, position } = entry
  const { lockTimeout = LOCK_TIMEOUT, lockAttempts = LOCK_ATTEMPTS, signal } = options
  const captured =
    step.kind === 'add-column'
      ? (await columnsBeingKept(client)).find((kept) => isColumn(kept, columnOf(step)))
      : undefined
  const statements = async () => {
    if (captured !== undefined) await endCapture(client, captured)
    for (const statement of step.down) await client.query(statement)
  }
  const once =
    step.transaction === 'none'
      ? async () => {
          await patiently(session, statements)
          await markStep(client, runId, position, 'undone')
        }
      : () =>
          inTransaction(client, { lock_timeout: `${lockTimeout}ms`, statement_timeout: '60s' }, async () => {
            await statements()
            await markStep(client, runId, position, 'undone')
          })
  await explaining(session, step, progress, options, () => retryLocked({ attempts: lockAttempts, signal }, once))
}

/** Before anything of the run is undone, so that its trigger goes on keeping `updatedAt` while values are copied. */
async function keepValuesOf(
  session: MigrationSession,
  run: JournalRun,
  columns: readonly ColumnToKeep[],
  progress: RollbackReporter,
  options: RollbackOptions,
): Promise<void> {
  const { lockTimeout = LOCK_TIMEOUT, lockAttempts = LOCK_ATTEMPTS, signal } = options
  for (const { step } of openSteps(run).reverse()) {
    const column = columns.find((column) => step.kind === 'add-column' && isColumn(column, columnOf(step)))
    if (column === undefined) continue
    const keep = () =>
      keepWrittenValues(session.client, column, {
        lockTimeout,
        retry: { attempts: lockAttempts, signal },
        report: (rowsDone) => {
          progress.keeping(column, rowsDone)
        },
      })
    await explaining(session, step, progress, options, keep)
  }
}

/** A failure becomes an error that says what stands, but for a connection that broke, which is made again. */
async function explaining(
  session: MigrationSession,
  step: Step,
  progress: RollbackReporter,
  { signal }: RollbackOptions,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (signal?.aborted === true) throw error
    const known = await explainFailure(session, step, error)
    if (isConnectionLost(known)) throw error
    throw rollbackStepFailed(step.title, progress.undone, known)
  }
}

/** The guard in its `down` leaves a function that someone else's trigger calls. */
async function isFunctionStillThere(client: DatabaseClient, step: Step): Promise<boolean> {
  const [check] = step.verify
  return step.kind === 'create-function' && check !== undefined && (await runCheck(client, check)).outcome === 'pass'
}

/** To drop what one owns takes no more. */
function onlyOwnership(step: Step): Step {
  return { ...step, privileges: step.privileges.filter((privilege) => privilege.action === 'own') }
}

function columnOf({ schema, table, object }: Step): ColumnName {
  return { schema, table, column: object ?? '' }
}
