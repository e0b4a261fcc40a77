import type { ServerIdentity } from '../../database/server-identity'
import type { DatabaseClient } from '../../database/connect'
import { AuditError } from '../../errors'
import { DEFAULT_SCHEMA } from '../../database/search-path'
import { within } from '../../signals'
import type { Plan } from '../model'
import {
  readWritesBefore,
  recordWritesBefore,
  requireWrites,
  tryWritesBefore,
  type WritesBefore,
  type WritesReport,
} from './preconditions/application-writes'
import { watching, type BlockedOptions, type BlockerWatch } from './execution/blocker-watch'
import type { Waiting } from './execution/blockers'
import { rollbackUnfinished, runOfFormerVersion } from './journal/errors'
import {
  addHistorySteps,
  writeFolderOf,
  writePlainScripts,
  writeRecordedFolders,
  type HistoryTarget,
} from './prisma-history/history'
import {
  completeJournal,
  createJournal,
  extendRun,
  forgetRun,
  journalExists,
  markRun,
  readJournal,
  recordRun,
  redefineStep,
  type JournalRun,
  type JournalStep,
} from './journal/journal'
import { requireAcceptedByEventTriggers } from './preconditions/accepted-by-event-triggers'
import { requireColumnsFitTriggers } from './preconditions/foreseen-writes'
import { requireNothingOfWriters } from './journal/journal-writers'
import { sparedBy, sparing } from './recipes/spared-fills'
import { finishRestore, withRestoreSteps, type RestoredValues } from './preserved/restore-values'
import { checkPrecondition } from './preconditions/precondition'
import { requireFitPrismaHistory } from './prisma-history/prisma-history-faults'
import { requirePrivileges } from './preconditions/privileges'
import { LOCK_ATTEMPTS, LOCK_TIMEOUT } from './execution/retry'
import { requireReadableKeys } from './preconditions/readable-keys'
import { RunReporter, type RunProgress } from './steps/run-reporter'
import { runStep, type StepSettings } from './steps/run-step'
import { isOwnRun, type RunTarget } from './journal/run-target'
import { requireFiringTriggers } from './session/session-triggers'
import { withResumedSession, type MigrationSession } from './session/session'
import { dropUnprovenConstraint } from './steps/drop-unproven-constraint'
import { requireVisibleRows } from './preconditions/visible-rows'

export type { RunProgress } from './steps/run-reporter'

export interface RunOptions extends BlockedOptions, RunTarget {
  readonly url: string
  /** The one that the plan was made for; see `SessionOptions`. */
  readonly server?: ServerIdentity
  /** Fresh: made from the catalog as it is now. One without steps still goes on with a run that broke off. */
  readonly plan: Plan
  /** Honoured between steps and between batches; what takes long on the server is cancelled. The run can be continued. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RunProgress) => void
  /** Milliseconds to wait for another migration to end; 30,000 by default. */
  readonly waitForOther?: number
  /** Called when there is somebody to wait for, who is named. */
  readonly onWait?: (holder: string) => void
  /** Where the SQL of the run is left in the project; nowhere without it. */
  readonly history?: HistoryTarget
  /** Milliseconds that one try waits for a lock, 300 by default, and how many tries there are, 40 by default. */
  readonly lockTimeout?: number
  readonly lockAttempts?: number
  /** Milliseconds that a statement may take that needs its lock for an instant only; 60,000 by default. */
  readonly statementTimeout?: number
  /**
   * Values that a rollback preserved and that belong into a column that the plan adds; `leave`, the default, keeps them where
   * they are. See `readPreservedValues`.
   */
  readonly preservedValues?: 'put back' | 'leave'
}

export interface RunResult {
  /** `stopped`: the signal was aborted; run again to go on, or roll back. */
  readonly status: 'completed' | 'stopped'
  /** In the journal; null where there was nothing to do. */
  readonly runId: string | null
  /** Did this go on with a run that had broken off? */
  readonly resumed: boolean
  /** Titles of the steps that stand, those of the broken run included. */
  readonly applied: readonly string[]
  /** Titles of the steps whose result was there already, made by others. */
  readonly alreadyThere: readonly string[]
  readonly remaining: readonly string[]
  /** What became of values that a rollback had preserved, a column. */
  readonly putBack: readonly RestoredValues[]
  /** Whether the application can write as it did before; null where the run did not get so far. */
  readonly writes: WritesReport | null
}

/**
 * Carries the plan out, after going on with a run that broke off, if there is one. Everything is written into the
 * journal before and after it is done, so that whatever happens, running again goes on and rolling back takes back.
 * Rejects with an AuditError that says what stands; see `errors.ts`.
 */
export async function runPlan(options: RunOptions): Promise<RunResult> {
  return await within(null, [options.signal], (signal, stop) => runUntil(signal, stop, options))
}

async function runUntil(signal: AbortSignal, stop: () => void, options: RunOptions): Promise<RunResult> {
  const { url, waitForOther = 30_000 } = options
  const memory: { before: WritesBefore | null } = { before: null }
  try {
    return await withResumedSession({ ...options, url, signal, waitForOther }, (session) => {
      const reporter = new RunReporter(options.onProgress)
      const onWaiting = (waiting: Waiting) => {
        reporter.waiting(waiting)
      }
      return watching({ session, onWaiting, stop, ...options }, (watch) =>
        run(session, { ...options, signal, watch, reporter, memory }),
      )
    })
  } catch (error) {
    if (isAbort(error, signal)) return stoppedBeforeAnything(options.plan)
    throw error
  }
}

const STATEMENT_TIMEOUT = 60_000

interface WatchedOptions extends RunOptions {
  readonly signal: AbortSignal
  readonly watch: BlockerWatch
  readonly reporter: RunReporter
  /** Outlives a connection that breaks: once steps are done, it cannot be told any more how writes were before them. */
  readonly memory: { before: WritesBefore | null }
}

async function run(session: MigrationSession, options: WatchedOptions): Promise<RunResult> {
  const { client } = session
  const { plan } = options
  // What others left unfinished in the same database is theirs to finish.
  const journal = (await readJournal(client)).filter((entry) => isOwnRun(entry, options))
  const halfUndone = journal.find((entry) => entry.state === 'rolling back')
  if (halfUndone !== undefined) throw rollbackUnfinished(halfUndone.id)
  const recorded = journal.find((entry) => entry.state === 'running')
  if (recorded?.isFormer === true) throw runOfFormerVersion(recorded.id)
  const unfinished = recorded === undefined ? undefined : await withFreshSteps(client, recorded, plan)
  const known = new Set(unfinished?.steps.map(({ step }) => step.id))
  // The values of a column that the broken run itself has added need no proof before its foreign key.
  const ownColumns = new Set(unfinished?.steps.map(({ step }) => addedForeignKeyOf(step.id)))
  const missing = plan.steps.filter(
    ({ id, kind }) => !known.has(id) && !(kind === 'precondition' && ownColumns.has(id)),
  )
  const completed =
    options.preservedValues === 'put back'
      ? await withRestoreSteps(client, missing, lookupSchemaOf(options), sparing)
      : missing
  const added = await addHistorySteps(session, options.history, { ...plan, steps: completed })
  const pending = unfinished?.steps.filter(isOpen).map(({ step }) => step) ?? []
  if (unfinished === undefined && added.length === 0) return NOTHING_TO_DO
  const journalNeed = (await journalExists(client)) ? 'there already' : 'needed'
  await requirePrivileges(client, [...pending, ...added], journalNeed)
  await requireFiringTriggers(client)
  await requireVisibleRows(client, [...pending, ...added])
  await session.interruptible(() => requireReadableKeys(client, [...pending, ...added]))
  const recording = pending.find(({ kind }) => kind === 'record-history')
  if (recording !== undefined) await requireFitPrismaHistory(client, recording.schema)
  for (const step of [...pending, ...added]) if (step.kind === 'precondition') await checkPrecondition(client, step)
  const retry = { attempts: options.lockAttempts ?? LOCK_ATTEMPTS, signal: options.signal, watch: options.watch }
  const lockTimeout = options.lockTimeout ?? LOCK_TIMEOUT
  const journalWork = { title: 'Create the journal (schema prisma_audit)', work: createJournal }
  await requireAcceptedByEventTriggers(client, [...pending, ...added], 'up', [journalWork], { retry, lockTimeout })
  if (unfinished !== undefined) await completeJournal(client)
  const isUntouched = unfinished?.steps.every(({ state, step }) => state === 'pending' || step.kind === 'precondition')
  if (options.memory.before === null && (unfinished === undefined || isUntouched === true)) {
    const before = await tryWritesBefore(client, [...pending, ...added], lookupSchemaOf(options))
    await requireColumnsFitTriggers(session, [...pending, ...added], lookupSchemaOf(options), {
      watch: options.watch,
      retry,
      lockTimeout,
    })
    options.memory.before = before
  } else if (unfinished !== undefined) options.memory.before ??= await readWritesBefore(client, unfinished.id)
  const first = unfinished === undefined ? null : await carryOut(session, unfinished, options)
  if (first !== null && (first.status === 'stopped' || added.length === 0)) return { ...first, resumed: true }
  writePlainScripts(options.history, { ...plan, steps: added })
  const work = { steps: added, additions: plan.additions }
  // What is added to a run that had broken off belongs to it: a rollback takes back both.
  const written = unfinished === undefined ? await recordRun(client, work) : await extendRun(client, unfinished, work)
  if (unfinished === undefined) await recordWritesBefore(client, written.id, options.memory.before)
  const last = await carryOut(session, written, options)
  return {
    ...last,
    resumed: first !== null,
    putBack: [...(first?.putBack ?? []), ...last.putBack],
  }
}

/** What is still to be done is done as the fresh plan has it, which was made from the catalog and the policy of now. */
async function withFreshSteps(client: DatabaseClient, run: JournalRun, plan: Plan): Promise<JournalRun> {
  const fresh = new Map([...(plan.fillings ?? []), ...plan.steps].map((step) => [step.id, step]))
  const steps: JournalStep[] = []
  const stored = run.steps.filter((entry) => isOpen(entry) && !fresh.has(entry.step.id)).map(({ step }) => step)
  await requireNothingOfWriters(client, stored, 'up')
  for (const entry of run.steps) {
    const planned = isOpen(entry) ? fresh.get(entry.step.id) : undefined
    const step = planned === undefined ? undefined : await sparing(planned, await sparedBy(entry.step))
    if (step !== undefined) await redefineStep(client, run.id, entry.position, step)
    steps.push(step === undefined ? entry : { ...entry, step })
  }
  return { ...run, steps }
}

/** Does what is left of a recorded run, in its order. */
async function carryOut(
  session: MigrationSession,
  { id, steps }: JournalRun,
  options: WatchedOptions,
): Promise<Omit<RunResult, 'resumed'>> {
  const { client } = session
  const states = new Map(steps.map((step) => [step.position, step.state]))
  const settings: StepSettings = {
    lockTimeout: options.lockTimeout ?? LOCK_TIMEOUT,
    lockAttempts: options.lockAttempts ?? LOCK_ATTEMPTS,
    statementTimeout: options.statementTimeout ?? STATEMENT_TIMEOUT,
    signal: options.signal,
    watch: options.watch,
    beforeStep: async (step) => {
      await session.prismaLock.holdFor(step)
      writeFolderOf(options.history, step)
    },
  }
  writeRecordedFolders(options.history, steps)
  const titles = (wanted: (state: JournalStep['state'] | undefined) => boolean) =>
    steps.filter(({ position }) => wanted(states.get(position))).map(({ step }) => step.title)
  const result = (
    status: RunResult['status'],
    putBack: RunResult['putBack'] = [],
    writes: RunResult['writes'] = null,
  ) => ({
    status,
    putBack,
    writes,
    runId: id,
    applied: titles((state) => state === 'done'),
    alreadyThere: titles((state) => state === 'already there'),
    remaining: titles((state) => state === 'pending' || state === 'running'),
  })
  const allTitles = titles(() => true)
  for (const [index, entry] of steps.entries()) {
    if (!isOpen(entry)) continue
    const count = steps.length
    try {
      options.signal.throwIfAborted()
      options.reporter.begin(entry.step, index, allTitles)
      const applied = result('stopped').applied.length
      const place = { number: index + 1, count }
      const { reporter } = options
      const state = await runStep(session, entry, { ...settings, runId: id, reporter, place, applied })
      states.set(entry.position, state)
    } catch (error) {
      if (isAbort(error, options.signal)) return result('stopped')
      const now = steps.map((each) => ({ ...each, state: states.get(each.position) ?? each.state }))
      const retry = { attempts: settings.lockAttempts, signal: options.signal, watch: options.watch }
      const { lockTimeout } = settings
      throw await dropUnprovenConstraint(client, { runId: id, steps: now, failed: entry, error, lockTimeout, retry })
    }
  }
  const work = steps.map(({ step }) => step)
  const writes = await requireWrites(client, work, lookupSchemaOf(options), options.memory.before)
  const madeNothing = steps.every(
    ({ position, step }) => states.get(position) === 'already there' || step.kind === 'precondition',
  )
  if (madeNothing) await forgetRun(client, id)
  else await markRun(client, id, 'completed')
  const putBack = await finishRestore(client, work)
  return { ...result('completed', putBack, writes), runId: madeNothing ? null : id }
}

/** Prisma looks names up in the schema of the URL, the first of the target's. */
function lookupSchemaOf({ schemas }: RunTarget): string {
  return schemas?.[0] ?? DEFAULT_SCHEMA
}

/** The precondition that a foreign key's step would have, were its column there before; null for other steps. */
function addedForeignKeyOf(id: string): string | null {
  const prefix = 'add-foreign-key:'
  return id.startsWith(prefix) ? `precondition:${id.slice(prefix.length)}:no-orphans` : null
}

function isOpen({ state }: JournalStep): boolean {
  return state === 'pending' || state === 'running'
}

const NOTHING_TO_DO: RunResult = {
  status: 'completed',
  runId: null,
  resumed: false,
  applied: [],
  alreadyThere: [],
  remaining: [],
  putBack: [],
  writes: null,
}

function stoppedBeforeAnything(plan: Plan): RunResult {
  return { ...NOTHING_TO_DO, status: 'stopped', remaining: plan.steps.map((step) => step.title) }
}

/** An abort shows as the signal's own reason, or as a statement that was cancelled on the server. */
function isAbort(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && (!(error instanceof AuditError) || error.code === 'statement-timeout')
}
