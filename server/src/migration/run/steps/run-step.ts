import { lookingUp, lookingUpInSession } from '../../../database/lookup-path'
import { setTimeout as pause } from 'node:timers/promises'
import type { DatabaseClient } from '../../../database/connect'
import { quoteQualified } from '../../../database/quote'
import { setConfigCalls } from '../../../database/session-settings'
import { askForFound, runCheck } from '../../../verification/run-checks'
import type { Batch, Step } from '../../model'
import { KEEP_UPDATED_AT } from '../../plan/clock-function'
import type { BlockerWatch } from '../execution/blocker-watch'
import { nextBatchSize } from '../execution/batch-size'
import { recordColumn } from '../journal/identities'
import { stepFailed, stepNotVerified } from './errors'
import { explainFailure, inTransaction, patiently } from '../execution/execution'
import { markStep, recordBatch, recordFilled, type BatchOutcome, type JournalStep } from '../journal/journal'
import { recordObject } from '../journal/made-objects'
import { addedValues } from '../preserved/added-values'
import { EXACT_TEXT } from '../preserved/row-key'
import { rateOf, withSample } from './rate'
import { retryLocked } from '../execution/retry'
import type { RunReporter } from './run-reporter'
import { isConnectionLost, type MigrationSession } from '../session/session'

export interface StepSettings {
  /** Milliseconds that one try waits for a lock, and how many tries there are. */
  readonly lockTimeout: number
  readonly lockAttempts: number
  /** Milliseconds that a statement may take that needs its lock for an instant only. */
  readonly statementTimeout: number
  readonly signal: AbortSignal | undefined
  readonly watch: BlockerWatch
  /** What must be so before anything of the step is done: locks, files. */
  readonly beforeStep: (step: Step) => Promise<void>
}

export interface StepContext extends StepSettings {
  readonly runId: string
  readonly reporter: RunReporter
  /** For the error that says what stands. */
  readonly place: { readonly number: number; readonly count: number }
  readonly applied: number
}

/**
 * Does one step of a run, or finds it done, and writes so into the journal; answers the step's new state. Rejects with an
 * AuditError that says what stands, with the signal's reason, or with the connection's own error when that broke.
 */
export async function runStep(
  session: MigrationSession,
  entry: JournalStep,
  context: StepContext,
): Promise<'done' | 'already there'> {
  const { client } = session
  const { step } = entry
  context.watch.begin(step.title, step.lock.tables)
  try {
    await context.beforeStep(step)
    // What someone else made meanwhile is not ours to drop later. A broken build or walk of ours goes on instead.
    const mayBeAnothers = entry.state === 'pending' || step.transaction === 'own'
    if (mayBeAnothers && (await isThere(client, step))) {
      await markStep(client, context.runId, entry.position, 'already there')
      return 'already there'
    }
    await markStep(client, context.runId, entry.position, 'running')
    if (step.batch !== null) await runBatches(session, entry, step.batch, context)
    else if (step.transaction === 'own') await runInTransaction(session, entry, context)
    else await runConcurrently(session, entry, context)
    return 'done'
  } catch (error) {
    if (context.signal?.aborted === true) throw error
    const known = await explainFailure(session, step, error)
    if (isConnectionLost(known)) throw error
    throw stepFailed(step.title, context.place, context.applied, known)
  }
}

/** The journal's mark is committed together with the step, so that it never says what is not so. */
async function runInTransaction(session: MigrationSession, entry: JournalStep, context: StepContext): Promise<void> {
  const { client } = session
  const { step } = entry
  const settings = {
    lock_timeout: `${context.lockTimeout}ms`,
    ...(step.scans ? {} : { statement_timeout: `${context.statementTimeout}ms` }),
  }
  const work = () =>
    inTransaction(client, settings, async () => {
      await lookingUp(client, step, async () => {
        for (const statement of step.up) await client.query(statement)
      })
      await requireVerified(client, step)
      if (step.kind === 'add-column') await recordAddedColumn(client, entry, context)
      await recordObject(client, context.runId, entry.position, step)
      await markStep(client, context.runId, entry.position, 'done')
    })
  await retryLocked(retryOptions(context), () => (step.scans ? session.interruptible(work) : work()))
}

/** A rollback must find it under any name, and tell what the application wrote from what ADD COLUMN gave to the rows that stood. */
async function recordAddedColumn(client: DatabaseClient, entry: JournalStep, context: StepContext): Promise<void> {
  const { schema, table, object: column } = entry.step
  if (column === null) return
  await recordColumn(client, context.runId, entry.step)
  await client.query(`SELECT ${setConfigCalls(EXACT_TEXT, 'true')}`)
  const { rows } = await client.query<{ value: string }>(addedValues({ schema, table, column }))
  const values = rows.map(({ value }) => value)
  if (values.length > 0) await recordFilled(client, context.runId, entry.position, values)
}

/** What a broken try left behind is cleared away before each try. */
async function runConcurrently(session: MigrationSession, entry: JournalStep, context: StepContext): Promise<void> {
  const { client } = session
  const { step } = entry
  await retryLocked(retryOptions(context), () =>
    patiently(session, context.watch, async () => {
      for (const statement of await leftoverStatements(client, step)) await client.query(statement)
      await lookingUpInSession(client, step, async () => {
        for (const statement of step.up) await client.query(statement)
      })
    }),
  )
  await requireVerified(client, step)
  await recordObject(client, context.runId, entry.position, step)
  await markStep(client, context.runId, entry.position, 'done')
}

/** Walks on from the journal's cursor; again from the start while rows came meanwhile, but not for ever. */
async function runBatches(
  session: MigrationSession,
  entry: JournalStep,
  batch: Batch,
  context: StepContext,
): Promise<void> {
  const { client } = session
  const total = entry.step.estimatedRows ?? (await countRows(client, entry.step))
  let rowsDone = entry.rowsDone
  let cursor = entry.cursor ?? (await firstCursor(client, batch))
  let size = batch.size
  let samples = withSample([], { at: performance.now(), rows: rowsDone })
  for (let pass = 1; pass <= PASSES && cursor !== null; pass++) {
    let filledInPass = 0
    while (cursor !== null) {
      const start = performance.now()
      const from: readonly string[] = cursor
      const { filled, next } = await retryLocked({ ...retryOptions(context), passing: USER_DELETED }, () =>
        runBatch(client, entry, batch, { cursor: from, size }, context),
      )
      filledInPass += filled
      rowsDone += filled
      cursor = next
      size = nextBatchSize(size, performance.now() - start, batch.size)
      const estimate = total === null ? null : Math.max(total, rowsDone)
      samples = withSample(samples, { at: performance.now(), rows: rowsDone })
      context.reporter.rows(rowsDone, estimate, rateOf(samples, estimate))
      await pause((performance.now() - start) * PAUSE_SHARE)
    }
    // Of what is put back the rest has found no row, and would be counted twice.
    if (filledInPass > 0 && entry.step.kind !== 'put-back') cursor = await firstCursor(client, batch)
  }
  await markStep(client, context.runId, entry.position, 'done')
}

async function runBatch(
  client: DatabaseClient,
  { step, position }: JournalStep,
  batch: Batch,
  from: { readonly cursor: readonly string[]; readonly size: number },
  context: StepContext,
): Promise<BatchOutcome> {
  // What is put back was written down with these settings, and is read with them.
  const settings = step.kind === 'put-back' ? { ...BATCH_SETTINGS, ...EXACT_TEXT } : BATCH_SETTINGS
  return await inTransaction(client, settings, async () => {
    const { rows } = await lookingUp(client, step, () =>
      client.query<{ filled: string; cursor: string[] | null; value?: string | null }>(batch.next, [
        from.cursor,
        from.size,
      ]),
    )
    const [row] = rows
    const outcome = { filled: Number(row?.filled ?? 0), next: row?.cursor ?? null, value: row?.value ?? null }
    await recordBatch(client, context.runId, position, outcome)
    return outcome
  })
}

async function firstCursor(client: DatabaseClient, batch: Batch): Promise<readonly string[] | null> {
  const { rows } = await client.query<{ cursor: string[] | null }>(batch.start)
  return rows[0]?.cursor ?? null
}

/** Does the step's own proof hold before it ran? A step without one is always run. */
async function isThere(client: DatabaseClient, step: Step): Promise<boolean> {
  if (step.verify.length === 0) return false
  for (const check of step.verify) {
    if ((await runCheck(client, check)).outcome !== 'pass') return false
  }
  return true
}

async function requireVerified(client: DatabaseClient, step: Step): Promise<void> {
  for (const check of step.verify) {
    const found = await askForFound(client, check)
    if (found !== check.expected) throw stepNotVerified(step.title, check.title, check.expected, found)
  }
}

async function leftoverStatements(client: DatabaseClient, step: Step): Promise<string[]> {
  if (step.leftovers === null) return []
  const { rows } = await client.query<string[]>({ text: step.leftovers, rowMode: 'array' })
  return rows.flatMap(([statement]) => (statement === undefined ? [] : [statement]))
}

/** For a table that was never analysed, and only where counting is quick. */
async function countRows(client: DatabaseClient, step: Step): Promise<number | null> {
  const table = quoteQualified(step.schema, step.table)
  const { rows } = await client.query<{ bytes: string }>('SELECT pg_relation_size($1::regclass) AS bytes', [table])
  if (Number(rows[0]?.bytes ?? 0) > QUICKLY_COUNTED) return null
  const counted = await client.query<{ count: string }>(`SELECT count(*) FROM ${table}`)
  return Number(counted.rows[0]?.count ?? 0)
}

function retryOptions({ lockAttempts, signal, watch }: StepSettings) {
  return { attempts: lockAttempts, signal, watch }
}

/**
 * A server that crashes may lose the last batches, and the journal's word of them with them; so nobody need wait for the
 * disk after each.
 */
const BATCH_SETTINGS = {
  // Shorter than the time after which a server looks for a deadlock: it is never the application that is ended by one.
  lock_timeout: '500ms',
  statement_timeout: '5min',
  synchronous_commit: 'off',
  [KEEP_UPDATED_AT]: 'on',
}

/** The user who was to be written was deleted at this very moment; the next try writes another. */
const USER_DELETED = new Set(['23503'])

/** A breath for others between batches, as a share of the time that a batch took. */
const PAUSE_SHARE = 0.05

const PASSES = 3

/** Bytes. */
const QUICKLY_COUNTED = 256 * 1024 * 1024
