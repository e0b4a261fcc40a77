import { type Phrase } from '../../text/phrase'
import { lookingUp, lookingUpInSession } from '../../database/lookup-path'
import type { Step } from '../model'
import { requireNoCodeAtPlanning } from '../../database/code-at-planning'
import type { DatabaseClient } from '../../database/connect'
import { quoteIdentifier, quoteQualified } from '../../database/quote'
import { tablesQueried } from '../plan/rows-read'
import { DROP_DATA } from '../plan/steps/drop-when-empty'
import { runCheck } from '../../verification/run-checks'
import { within } from '../../signals'
import { watching, type BlockerWatch } from './execution/blocker-watch'
import type { Waiting } from '../../database/blockers'
import { findDependents } from './roll-back/dependents'
import { explainFailure, inTransaction, patiently } from './execution/execution'
import { otherRunIsNewest } from './journal/errors'
import { columnsAreInUse, dataWouldBeLost, objectsRenamed } from './roll-back/errors'
import { rollbackStepFailed } from './steps/errors'
import { findRenamed } from './journal/identities'
import { findRenamedObjects } from './journal/made-objects'
import { findHeldData } from './roll-back/held-data'
import type { HistoryTarget } from './prisma-history/history'
import { isForward, prepareForwardMigrations, recordForwardMigrations } from './prisma-history/history-roll-back'
import { isSameRun, type JournalRun, type JournalStep } from './journal/journal'
import { completeJournal } from './journal/journal-tables'
import { forgetRolledBack, markRun, markStep } from './journal/record-run'
import { requireNothingOfWriters } from './journal/journal-writers'
import { endCapture, type ColumnToPreserve } from './preserved/preserve-column'
import {
  captureWork,
  countEmptied,
  findColumnsToPreserve,
  keysToPreserve,
  preserveWrittenValues,
  requirePreservable,
  settlePreservedValues,
} from './roll-back/preserve-written-values'
import { findColumnBeingPreserved } from './preserved/preserved-columns'
import type { ColumnName } from './preserved/row-key'
import { requireAcceptedByEventTriggers } from './preconditions/accepted-by-event-triggers'
import { requirePrivileges } from './preconditions/privileges'
import {
  isShown,
  openSteps,
  readIntent,
  readRunToUndo,
  schemaFieldsOf,
  standingRuns,
  RollbackReporter,
  type Intent,
  type RollbackProgress,
  type RollbackResult,
} from './roll-back/roll-back-progress'
import { LOCK_ATTEMPTS, LOCK_TIMEOUT, retryLocked, type RetryOptions } from './execution/retry'
import type { ExecutionOptions } from './run-options'
import { isConnectionLost, withResumedSession, type MigrationSession } from './session/session'
import { requireVisibleRows } from './preconditions/visible-rows'

export type { RollbackProgress, RollbackResult } from './roll-back/roll-back-progress'

export interface RollbackOptions extends ExecutionOptions {
  /** The run that the person confirmed, in the journal: if it is no longer the newest, nothing is undone. */
  readonly agreed?: Pick<JournalRun, 'id' | 'startedAt'>
  readonly onProgress?: (progress: RollbackProgress) => void
  /**
   * Values that the application wrote are preserved, so that a later run can restore them. If that is impossible,
   * because the rows of a table are indistinguishable or the role may not create a schema, the rollback is refused
   * unless this is true.
   */
  readonly dropData?: boolean
  /**
   * Called once everything is undone and before the journal forgets the run: if the process is killed in between, the
   * rollback can be continued, and what has to be undone outside the database is not forgotten. After `remember` the
   * run stays in the journal, without steps to undo, until `forgetUndoneRun`.
   */
  readonly onUndone?: (schemaFields: RollbackResult['schemaFields']) => Promise<'forget' | 'remember'>
}

/**
 * Undoes the newest run of the target, even an unfinished one, and nothing else; and drops the journal once it is
 * empty. Values that the application wrote into the columns are preserved. Refuses before the first change if other
 * objects depend on a column. Nothing is dropped with CASCADE. Reconnects after a lost connection.
 */
export async function rollBack(options: RollbackOptions): Promise<RollbackResult> {
  return await within(null, [options.signal], (signal, stop) => rollBackUntil(signal, stop, options))
}

async function rollBackUntil(signal: AbortSignal, stop: () => void, options: RollbackOptions): Promise<RollbackResult> {
  const { url, waitForOther = 30_000, lockTimeout = LOCK_TIMEOUT, lockAttempts = LOCK_ATTEMPTS } = options
  let intent: Intent | null = null
  let told: 'forget' | 'remember' | null = null
  const tellUndone = async () => {
    const run = intent?.run ?? null
    if (run !== null) told ??= (await options.onUndone?.(schemaFieldsOf(run.additions))) ?? 'forget'
    return told ?? 'forget'
  }
  return await withResumedSession({ ...options, url, signal, waitForOther }, async (session) => {
    // Read only once: after a lost connection, the journal shows what was committed.
    intent ??= await readAgreedIntent(session.client, options)
    const run = await readRunToUndo(session.client, intent)
    const reporter = new RollbackReporter(intent, options.onProgress, run)
    const onWaiting = (waiting: Waiting) => {
      reporter.waiting(waiting)
    }
    return await watching({ session, onWaiting, stop, ...options }, (watch) => {
      const retry = { attempts: lockAttempts, signal, watch }
      return undo({
        session,
        run,
        reporter,
        signal,
        watch,
        retry,
        lockTimeout,
        dropData: options.dropData === true,
        history: options.history,
        tellUndone,
      })
    })
  })
}

async function readAgreedIntent(client: DatabaseClient, options: RollbackOptions): Promise<Intent> {
  const intent = await readIntent(client, options)
  const { agreed } = options
  if (agreed !== undefined && (intent.run === null || !isSameRun(intent.run, agreed))) throw otherRunIsNewest()
  return intent
}

interface Undoing {
  readonly session: MigrationSession
  /** Null: nothing is left to undo. */
  readonly run: JournalRun | null
  readonly reporter: RollbackReporter
  readonly signal: AbortSignal
  readonly watch: BlockerWatch
  readonly retry: RetryOptions
  readonly lockTimeout: number
  readonly dropData: boolean
  readonly history: HistoryTarget | undefined
  readonly tellUndone: () => Promise<'forget' | 'remember'>
}

async function undo(undoing: Undoing): Promise<RollbackResult> {
  const { session, run, reporter, signal } = undoing
  const { client } = session
  if (run === null) return await endOf(undoing)
  const open = openSteps(run)
  const steps = open.map(({ step }) => step)
  const forward = run.steps.map(({ step }) => step).filter(isForward)
  const toBeRun = [...steps.filter((step) => isShown(step) || mayHoldValues(step)), ...forward]
  await requireNothingOfWriters(client, toBeRun, 'back')
  const renamed = await findAnythingRenamed(client, run.id, open)
  if (renamed.length > 0) throw objectsRenamed(renamed)
  const dependents = await findDependents(client, steps)
  if (dependents.length > 0) throw columnsAreInUse(dependents)
  await requirePrivileges(client, steps.filter(isShown).map(onlyOwnership), 'there already')
  await requireNoCodeAtPlanning(client, tablesQueried(steps))
  if (!undoing.dropData) {
    await requireVisibleRows(client, steps.filter(mayHoldValues).map(onlyOwnership))
    const held = await findHeldData(client, steps)
    if (held.length > 0) throw dataWouldBeLost(held)
  }
  await completeJournal(client)
  const columns = await findColumnsToPreserve(client, open, await standingRuns(client))
  const keys = await keysToPreserve(client, columns)
  if (!undoing.dropData) await session.interruptible(() => requirePreservable(client, columns, keys))
  await requireAcceptedByEventTriggers(client, steps, 'back', captureWork(columns, keys), undoing)
  // A continued rollback no longer finds them all.
  if (run.state !== 'rolling back') reporter.withoutValue = await countEmptied(client, columns, keys)
  try {
    signal.throwIfAborted()
    await markRun(client, run.id, 'rolling back')
    const migrations = await prepareForwardMigrations(session, run, undoing.history)
    await preserveValuesOf(undoing, run, columns)
    for (const entry of open) {
      signal.throwIfAborted()
      reporter.begin(entry.step)
      await undoStep(undoing, run.id, entry)
      reporter.finish(entry.step, await isFunctionStillThere(client, entry.step))
    }
    await settlePreservedValues(client)
    await recordForwardMigrations(session, run, migrations, undoing.history)
    await undoing.tellUndone()
  } catch (error) {
    if (!signal.aborted) throw error
    return await reporter.result('stopped', client)
  }
  return await endOf(undoing)
}

/** The names of a table's objects include that of the table, so they are only checked if no table was renamed. */
async function findAnythingRenamed(
  client: DatabaseClient,
  runId: string,
  open: readonly JournalStep[],
): Promise<Phrase[]> {
  const tables = await findRenamed(
    client,
    runId,
    open.map(({ step }) => step),
  )
  if (tables.length > 0) return tables
  const positions = open.map(({ position }) => position)
  return await findRenamedObjects(client, runId, positions)
}

async function endOf({ session: { client }, run, reporter, tellUndone }: Undoing): Promise<RollbackResult> {
  const isRemembered = (await tellUndone()) === 'remember'
  const reason = isRemembered ? null : await forgetRolledBack(client, run?.id ?? null)
  if (reason !== null) reporter.leaveJournal(reason)
  return await reporter.result('completed', client)
}

async function undoStep(undoing: Undoing, runId: string, { step, position }: JournalStep): Promise<void> {
  const { session, lockTimeout, retry } = undoing
  const { client } = session
  // A role or a database can have the setting, too.
  const dropData = { [DROP_DATA]: undoing.dropData ? 'on' : 'off' }
  const captured = step.kind === 'add-column' ? await findColumnBeingPreserved(client, columnOf(step)) : undefined
  const statements = async () => {
    if (captured !== undefined) await endCapture(client, captured)
    const takeBack = async () => {
      for (const statement of step.down) await client.query(statement)
    }
    await (step.transaction === 'none' ? lookingUpInSession(client, step, takeBack) : lookingUp(client, step, takeBack))
  }
  const once =
    step.transaction === 'none'
      ? async () => {
          await patiently(session, undoing.watch, statements)
          await markStep(client, runId, position, 'undone')
        }
      : () =>
          inTransaction(
            client,
            { lock_timeout: `${lockTimeout}ms`, statement_timeout: '60s', ...dropData },
            async () => {
              await statements()
              await markStep(client, runId, position, 'undone')
            },
          )
  await explaining(undoing, step, async () => {
    await session.prismaLock.holdFor(step)
    await retryLocked(retry, once)
  })
}

/** Before anything is undone, so that the run's trigger maintains `updatedAt` while values are copied. */
async function preserveValuesOf(
  undoing: Undoing,
  run: JournalRun,
  columns: readonly ColumnToPreserve[],
): Promise<void> {
  const { session, reporter, lockTimeout, retry } = undoing
  const byName = new Map(columns.map((column) => [nameOf(column), column]))
  for (const { step } of openSteps(run).reverse()) {
    const column = step.kind === 'add-column' ? byName.get(nameOf(columnOf(step))) : undefined
    if (column === undefined) continue
    const report = (rowsDone: number) => {
      reporter.keeping(column, rowsDone)
    }
    await explaining(undoing, step, () => preserveWrittenValues(session.client, column, { lockTimeout, retry, report }))
  }
}

/**
 * Converts a failure to an error that says what was undone, except a lost connection, after which the session
 * reconnects.
 */
async function explaining(
  { session, reporter, signal, watch }: Undoing,
  step: Step,
  work: () => Promise<unknown>,
): Promise<void> {
  watch.begin(step.title, step.lock.tables)
  try {
    await work()
  } catch (error) {
    if (signal.aborted) throw error
    const known = await explainFailure(session, step, error)
    if (isConnectionLost(known)) throw error
    throw rollbackStepFailed(step.title, reporter.undone, known)
  }
}

/** The guard in `down` does not drop a function that another trigger calls. */
async function isFunctionStillThere(client: DatabaseClient, step: Step): Promise<boolean> {
  const [check] = step.verify
  return step.kind === 'create-function' && check !== undefined && (await runCheck(client, check)).outcome === 'pass'
}

/** Whether `down` drops values that people may have written. */
function mayHoldValues(step: Step): boolean {
  return step.kind === 'add-column' || step.holdsData !== undefined
}

/** Dropping an object requires nothing but ownership. */
function onlyOwnership(step: Step): Step {
  return { ...step, privileges: step.privileges.filter((privilege) => privilege.action === 'own') }
}

function columnOf({ schema, table, object }: Step): ColumnName {
  return { schema, table, column: object ?? '' }
}

function nameOf({ schema, table, column }: ColumnName): string {
  return `${quoteQualified(schema, table)}.${quoteIdentifier(column)}`
}
