import { phrase } from '../../text/phrase'
import type { DatabaseClient } from '../../database/connect'
import { requireNoCodeAtPlanning } from '../../database/code-at-planning'
import { within } from '../../signals'
import type { Plan } from '../model'
import { tablesQueried } from '../plan/rows-read'
import {
  readWritesBefore,
  recordWritesBefore,
  tryWritesBefore,
  type WritesBefore,
} from './preconditions/application-writes'
import { watching } from './execution/blocker-watch'
import type { Waiting } from '../../database/blockers'
import { rollbackUnfinished, runOfFormerVersion } from './journal/errors'
import { addHistorySteps, writePlainScripts } from './prisma-history/history'
import { readJournal, type JournalRun, type JournalStep } from './journal/journal'
import { completeJournal, createJournal, journalExists } from './journal/journal-tables'
import { extendRun, recordRun, redefineStep } from './journal/record-run'
import { requireAcceptedByEventTriggers } from './preconditions/accepted-by-event-triggers'
import { requireColumnsFitTriggers } from './preconditions/foreseen-writes'
import { requireNothingOfWriters } from './journal/journal-writers'
import { sparedBy, sparing } from './recipes/spared-fills'
import { withRestoreSteps } from './preserved/restore-values'
import { checkPrecondition } from './preconditions/precondition'
import { requireFitPrismaHistory } from './prisma-history/prisma-history-faults'
import { requirePrivileges } from './preconditions/privileges'
import { LOCK_ATTEMPTS, LOCK_TIMEOUT } from './execution/retry'
import { requireReadableKeys } from './preconditions/readable-keys'
import { missingSteps } from './steps/missing-steps'
import { RunReporter } from './steps/run-reporter'
import { isOwnRun } from './journal/run-target'
import { isDoneByAnother } from './steps/done-by-another'
import { requireFiringTriggers } from './session/session-triggers'
import { withResumedSession, type MigrationSession } from './session/session'
import { requireVisibleRows } from './preconditions/visible-rows'
import { carryOut, isAbort, isOpen } from './carry-out'
import { lookupSchemaOf, type RunOptions, type RunResult, type WatchedOptions } from './run-options'

export type { RunProgress } from './steps/run-reporter'

/**
 * Runs the plan, after resuming an unfinished run, if there is one. The journal records each step before and after it
 * runs, so that at any point, running again resumes and rolling back undoes it. Rejects with an AuditError that says
 * what was applied; see `errors.ts`.
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

async function run(session: MigrationSession, options: WatchedOptions): Promise<RunResult> {
  const { client } = session
  const { plan } = options
  // Unfinished runs of other schemas in the same database are not ours.
  const journal = (await readJournal(client)).filter((entry) => isOwnRun(entry, options))
  const halfUndone = journal.find((entry) => entry.state === 'rolling back')
  if (halfUndone !== undefined) throw rollbackUnfinished(halfUndone.id)
  const recorded = journal.find((entry) => entry.state === 'running')
  if (recorded?.isFormer === true) throw runOfFormerVersion(recorded.id)
  const unfinished = recorded === undefined ? undefined : await withFreshSteps(client, recorded, plan)
  if (unfinished === undefined && (await isDoneByAnother(client, plan, journal)))
    return { ...NOTHING_TO_DO, alreadyThere: plan.steps.map(({ title }) => title) }
  const missing = missingSteps(plan.steps, unfinished?.steps ?? [])
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
  await requireNoCodeAtPlanning(client, tablesQueried([...pending, ...added]))
  await requireVisibleRows(client, [...pending, ...added])
  await session.interruptible(() => requireReadableKeys(client, [...pending, ...added]))
  const recording = pending.find(({ kind }) => kind === 'record-history')
  if (recording !== undefined) await requireFitPrismaHistory(client, recording.schema)
  for (const step of [...pending, ...added]) if (step.kind === 'precondition') await checkPrecondition(client, step)
  const retry = { attempts: options.lockAttempts ?? LOCK_ATTEMPTS, signal: options.signal, watch: options.watch }
  const lockTimeout = options.lockTimeout ?? LOCK_TIMEOUT
  const journalWork = { title: phrase`Create the journal (schema prisma_audit)`, work: createJournal }
  await requireAcceptedByEventTriggers(client, [...pending, ...added], 'up', [journalWork], { retry, lockTimeout })
  if (unfinished !== undefined) await completeJournal(client)
  const isUntouched = unfinished?.steps.every(({ state, step }) => state === 'pending' || step.kind === 'precondition')
  if (options.memory.before === null && (unfinished === undefined || isUntouched === true)) {
    options.onTestWrites?.()
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
  // Steps that are added to an unfinished run belong to it: a rollback undoes both.
  const written = unfinished === undefined ? await recordRun(client, work) : await extendRun(client, unfinished, work)
  if (unfinished === undefined) await recordWritesBefore(client, written.id, options.memory.before)
  const last = await carryOut(session, written, options)
  return {
    ...last,
    resumed: first !== null,
    putBack: [...(first?.putBack ?? []), ...last.putBack],
  }
}

/** Remaining steps run as in the new plan, which was made from the current catalog and policy. */
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
