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
import type { JournalStep } from '../journal/journal'
import { markStep, recordBatch, recordFilled, type BatchOutcome } from '../journal/record-run'
import { recordObject } from '../journal/made-objects'
import { addedValues } from '../preserved/added-values'
import { EXACT_TEXT } from '../preserved/row-key'
import { rateOf, withSample } from './rate'
import { retryLocked } from '../execution/retry'
import type { RunReporter } from './run-reporter'
import { isConnectionLost, type MigrationSession } from '../session/session'

export interface StepSettings {
  /** Milliseconds that one attempt waits for a lock, and the number of attempts. */
  readonly lockTimeout: number
  readonly lockAttempts: number
  /** Milliseconds for a statement that needs its lock only for a moment. */
  readonly statementTimeout: number
  readonly signal: AbortSignal | undefined
  readonly watch: BlockerWatch
  /** Requirements before the step runs: locks, files. */
  readonly beforeStep: (step: Step) => Promise<void>
}

export interface StepContext extends StepSettings {
  readonly runId: string
  readonly reporter: RunReporter
  /** For the error that says what is applied. */
  readonly place: { readonly number: number; readonly count: number }
  readonly applied: number
}

/**
 * Runs one step, or finds it done, and records that in the journal; returns the step's new state. Rejects with an
 * AuditError that says what is applied, with the signal's reason, or with the connection's own error if that broke.
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
    // An object that someone else created in between is not ours to drop later. An interrupted build or walk of ours
    // continues.
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

/** The mark in the journal is committed together with the step, so that it is always true. */
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

/**
 * A rollback must find it under any name, and distinguish what the application wrote from what ADD COLUMN added to
 * existing rows.
 */
async function recordAddedColumn(client: DatabaseClient, entry: JournalStep, context: StepContext): Promise<void> {
  const { schema, table, object: column } = entry.step
  if (column === null) return
  await recordColumn(client, context.runId, entry.step)
  await client.query(`SELECT ${setConfigCalls(EXACT_TEXT, 'true')}`)
  const { rows } = await client.query<{ value: string }>(addedValues({ schema, table, column }))
  const values = rows.map(({ value }) => value)
  if (values.length > 0) await recordFilled(client, context.runId, entry.position, values)
}

/** Leftovers of a failed attempt are removed before each attempt. */
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

/** Continues from the journal's cursor; starts again while new rows were added, but a limited number of times. */
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
    // The remaining values have no row, and would be counted twice.
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
  // Restored values were written with these settings, and are read with them.
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

/** Whether the step's own check passes before it runs. A step without one always runs. */
export async function isThere(client: DatabaseClient, step: Step): Promise<boolean> {
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

/** For a table that was never analyzed, and only if counting is quick. */
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
 * A server crash may lose the last batches together with their journal rows, so there is no need to wait for the disk
 * after each.
 */
const BATCH_SETTINGS = {
  // Shorter than the server's deadlock timeout, so that the application is never the one that is cancelled.
  lock_timeout: '500ms',
  statement_timeout: '5min',
  synchronous_commit: 'off',
  [KEEP_UPDATED_AT]: 'on',
}

/** The user to be written was deleted at this moment; the next attempt uses another. */
const USER_DELETED = new Set(['23503'])

/** The pause between batches, as a share of the time of a batch. */
const PAUSE_SHARE = 0.05

const PASSES = 3

/** Bytes. */
const QUICKLY_COUNTED = 256 * 1024 * 1024
