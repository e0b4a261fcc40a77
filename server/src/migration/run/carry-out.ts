import { AuditError } from '../../errors'
import { requireWrites } from './preconditions/application-writes'
import { writeFolderOf, writeRecordedFolders } from './prisma-history/history'
import type { JournalRun, JournalStep } from './journal/journal'
import { forgetRun, markRun } from './journal/record-run'
import { finishRestore } from './preserved/restore-values'
import { LOCK_ATTEMPTS, LOCK_TIMEOUT } from './execution/retry'
import { runStep, type StepSettings } from './steps/run-step'
import type { MigrationSession } from './session/session'
import { dropUnprovenConstraint } from './steps/drop-unproven-constraint'
import { lookupSchemaOf, type RunResult, type WatchedOptions } from './run-options'

/** Runs the remaining steps of a recorded run, in their order. */
export async function carryOut(
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
  options.onTestWrites?.()
  const writes = await requireWrites(client, work, lookupSchemaOf(options), options.memory.before)
  const madeNothing = steps.every(
    ({ position, step }) => states.get(position) === 'already there' || step.kind === 'precondition',
  )
  if (madeNothing) await forgetRun(client, id)
  else await markRun(client, id, 'completed')
  const putBack = await finishRestore(client, work)
  return { ...result('completed', putBack, writes), runId: madeNothing ? null : id }
}

export function isOpen({ state }: JournalStep): boolean {
  return state === 'pending' || state === 'running'
}

/** An abort surfaces as the signal's reason, or as a statement that was cancelled on the server. */
export function isAbort(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && (!(error instanceof AuditError) || error.code === 'statement-timeout')
}

const STATEMENT_TIMEOUT = 60_000
