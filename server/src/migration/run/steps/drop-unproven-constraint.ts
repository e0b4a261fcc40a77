import { lookingUp } from '../../../database/lookup-path'
import type { DatabaseClient } from '../../../database/connect'
import { isServersAnswer } from '../../../database/database-errors'
import { messageLine } from '../../../errors'
import type { Step } from '../../model'
import { unprovenConstraintDropped } from './errors'
import { inTransaction } from '../execution/execution'
import type { JournalStep } from '../journal/journal'
import { markStep } from '../journal/record-run'
import { retryLocked, type RetryOptions } from '../execution/retry'

interface Failure {
  readonly runId: string
  readonly steps: readonly JournalStep[]
  readonly failed: JournalStep
  /** Of the step; its cause is the server's error. */
  readonly error: unknown
  readonly lockTimeout: number
  readonly retry: RetryOptions
}

/**
 * A NOT VALID constraint applies to every write as soon as it exists. If existing rows violate it, it would reject the
 * application's writes to them for nothing. So it is dropped, and its step is `pending` again, so that continuing
 * recreates it. Returns the error to report.
 */
export async function dropUnprovenConstraint(client: DatabaseClient, failure: Failure): Promise<unknown> {
  const { runId, steps, failed, error, lockTimeout, retry } = failure
  if (!isRefuted(error)) return error
  const made = steps.find(
    ({ state, step }) => state !== 'undone' && state !== 'already there' && isProvenBy(step, failed.step),
  )
  if (made === undefined) return error
  const undo = () =>
    inTransaction(client, { lock_timeout: `${lockTimeout}ms`, statement_timeout: '60s' }, async () => {
      await lookingUp(client, made.step, async () => {
        for (const statement of made.step.down) await client.query(statement)
      })
      await markStep(client, runId, made.position, 'pending')
    })
  try {
    await retryLocked(retry, undo)
    return unprovenConstraintDropped(error, made.step.object ?? '', null)
  } catch (reason) {
    return unprovenConstraintDropped(error, made.step.object ?? '', messageLine(reason))
  }
}

/**
 * VALIDATE proves a foreign key; NOT NULL is proven by the VALIDATE of its CHECK and, before that, by the step that
 * fills the last rows.
 */
function isProvenBy(made: Step, failed: Step): boolean {
  if (made.kind === 'add-foreign-key') {
    return failed.id === `validate-constraint:${made.schema}.${made.table}.${made.object ?? ''}`
  }
  const prefix = 'add-not-null-check:'
  if (!made.id.startsWith(prefix)) return false
  const column = made.id.slice(prefix.length + `${made.schema}.${made.table}`.length)
  const isOfTable = made.lock.tables.some((table) => failed.lock.tables.includes(table))
  return (
    isOfTable &&
    [`validate-not-null-check`, 'populate-latecomers'].includes(failed.id.split(':')[0] ?? '') &&
    failed.id.endsWith(column)
  )
}

/** Caused by rows or their triggers, not by a lock, a disk or a connection. */
function isRefuted(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isServersAnswer(cause) && 'code' in cause) return /^(22|23|P0)/.test(String(cause.code))
  }
  return false
}
