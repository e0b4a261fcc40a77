import type { AuditAddition, Step } from '../model'
import type { DatabaseClient } from '../../database/connect'
import { DROP_DATA } from '../plan/steps/kept-data'
import { runCheck } from '../../verification/run-checks'
import { findDependents } from './dependents'
import { explainFailure, inTransaction, patiently } from './execution'
import { columnsAreInUse, dataWouldBeLost, rollbackStepFailed } from './errors'
import { findHeldData } from './held-data'
import type { HistoryTarget } from './history'
import { isForward, prepareForwardMigrations, recordForwardMigrations } from './history-roll-back'
import { dropJournalWhenEmpty, journalExists, markRun, markStep, readJournal, type JournalStep } from './journal'
import { requirePrivileges } from './privileges'
import { LOCK_ATTEMPTS, LOCK_TIMEOUT, retryLocked } from './retry'
import { withMigrationSession, type MigrationSession } from './session'

export interface RollbackOptions {
  readonly url: string
  /** Honoured between steps; rolling back again goes on. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RollbackProgress) => void
  /** See `RunOptions`; used where Prisma's history has recorded what is taken back. */
  readonly history?: HistoryTarget
  readonly onWait?: (holder: string) => void
  readonly waitForOther?: number
  readonly lockTimeout?: number
  readonly lockAttempts?: number
  /** Drop tables and columns with values that were written since; otherwise that is refused. */
  readonly dropData?: boolean
}

export interface RollbackProgress {
  /** Of the step that is taken back. */
  readonly title: string
  /** Zero-based. */
  readonly index: number
  readonly count: number
}

export interface RollbackResult {
  readonly status: 'completed' | 'stopped'
  /** Titles of the steps that were taken back, in that order; empty where the journal knows of nothing. */
  readonly undone: readonly string[]
  /** What we made and left, each with the reason. */
  readonly kept: readonly string[]
  readonly remaining: readonly string[]
  /** The audit fields that the schema lacked before the runs that were rolled back. */
  readonly schemaFields: readonly AuditAddition[]
}

/**
 * Takes back what the runs of the journal made, newest first, unfinished runs too, and nothing else; then the journal
 * itself. Refuses before the first change where something else depends on a column. Nothing is dropped by CASCADE.
 */
export async function rollBack(options: RollbackOptions): Promise<RollbackResult> {
  const { url, signal, waitForOther = 30_000 } = options
  return await withMigrationSession({ ...options, url, signal, waitForOther }, (session) => undoAll(session, options))
}

interface Undoing {
  readonly runId: string
  readonly entry: JournalStep
}

async function undoAll(session: MigrationSession, options: RollbackOptions): Promise<RollbackResult> {
  const { client } = session
  const runs = (await readJournal(client)).filter((run) => run.state !== 'rolled back').reverse()
  const work = runs.map((run) => ({ run, open: [...run.steps].reverse().filter(isOurs) }))
  const all = work.flatMap(({ run, open }) => open.map((entry): Undoing => ({ runId: run.id, entry })))
  const steps = all.map(({ entry }) => entry.step)
  const dependents = await findDependents(client, steps)
  if (dependents.length > 0) throw columnsAreInUse(dependents)
  if (options.dropData !== true) {
    const held = await findHeldData(client, steps)
    if (held.length > 0) throw dataWouldBeLost(held)
  }
  await requirePrivileges(client, steps.filter((step) => step.down.length > 0).map(onlyOwnership), 'there already')
  const shown = all.filter(({ entry }) => entry.step.down.length > 0)
  const undone: string[] = []
  const kept: string[] = []
  const result = (status: RollbackResult['status']): RollbackResult => ({
    status,
    undone,
    kept,
    remaining: shown.slice(undone.length).map(({ entry }) => entry.step.title),
    schemaFields: schemaFieldsOf(runs.flatMap((run) => run.additions)),
  })
  for (const { run, open } of work) {
    if (isAborted(options)) return result('stopped')
    await markRun(client, run.id, 'rolling back')
    const forward = await prepareForwardMigrations(session, run, options.history)
    for (const entry of open) {
      if (isAborted(options)) return result('stopped')
      const { title, down } = entry.step
      if (down.length > 0) options.onProgress?.({ title, index: undone.length, count: shown.length })
      try {
        await undoStep(session, { runId: run.id, entry }, options)
      } catch (error) {
        if (isAborted(options)) return result('stopped')
        throw rollbackStepFailed(title, undone.length, await explainFailure(session, entry.step, error))
      }
      if (down.length > 0) undone.push(title)
      if (await isFunctionStillThere(client, entry.step)) kept.push(`${title}: another trigger calls it, so it stays.`)
      if (entry.step.kind === 'add-enum-value') kept.push(`${title}: PostgreSQL cannot drop a value of an enum.`)
    }
    await recordForwardMigrations(session, run, forward, options.history)
    await markRun(client, run.id, 'rolled back')
  }
  if (await journalExists(client)) await dropJournalWhenEmpty(client)
  return result('completed')
}

/** What was begun in a transaction and never marked was never committed. */
function isOurs({ state, step }: JournalStep): boolean {
  if (isForward(step)) return false
  return state === 'done' || (state === 'running' && step.transaction !== 'own')
}

async function undoStep(session: MigrationSession, { runId, entry }: Undoing, options: RollbackOptions): Promise<void> {
  const { client } = session
  const { step, position } = entry
  const { lockTimeout = LOCK_TIMEOUT, lockAttempts = LOCK_ATTEMPTS, signal } = options
  const dropData = options.dropData === true ? { [DROP_DATA]: 'on' } : {}
  const statements = async () => {
    for (const statement of step.down) await client.query(statement)
  }
  const once =
    step.transaction === 'none'
      ? async () => {
          await patiently(session, statements)
          await markStep(client, runId, position, 'undone')
        }
      : () =>
          inTransaction(client, { lock_timeout: `${lockTimeout}ms`, ...dropData }, async () => {
            await statements()
            await markStep(client, runId, position, 'undone')
          })
  await session.prismaLock.holdFor(step)
  await retryLocked({ attempts: lockAttempts, signal }, once)
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

function schemaFieldsOf(additions: readonly AuditAddition[]): AuditAddition[] {
  const fields = new Map<string, AuditAddition>()
  for (const addition of additions) {
    if (addition.missingIn !== 'database') fields.set(`${addition.model}.${addition.field}`, addition)
  }
  return [...fields.values()]
}

function isAborted({ signal }: RollbackOptions): boolean {
  return signal?.aborted === true
}
