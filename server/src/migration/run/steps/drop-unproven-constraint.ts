import { lookingUp } from '../../../database/lookup-path'
import type { DatabaseClient } from '../../../database/connect'
import { isServersAnswer } from '../../../database/database-errors'
import { messageLine } from '../../../errors'
import type { Step } from '../../model'
import { unprovenConstraintDropped } from './errors'
import { inTransaction } from '../execution/execution'
import { markStep, type JournalStep } from '../journal/journal'
import { retryLocked, type RetryOptions } from '../execution/retry'

interface Failure {
  readonly runId: string
  readonly steps: readonly JournalStep[]
  readonly failed: JournalStep
  /** Of the step; its cause is what the server said. */
  readonly error: unknown
  readonly lockTimeout: number
  readonly retry: RetryOptions
}

/**
 * A constraint that is NOT VALID holds for every write from the moment it is made. Where the rows that stand refute it, it
 * would go on refusing the application's writes to them for nothing: it is dropped, and its step is `pending` again, so
 * that going on makes it anew. Answers the error to tell, which says so.
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

/** A foreign key is proven by its VALIDATE; NOT NULL by that of its CHECK, and before that by what fills the last rows. */
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

/** By the rows, or by what their triggers say: not by a lock, a disk or a connection. */
function isRefuted(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isServersAnswer(cause) && 'code' in cause) return /^(22|23|P0)/.test(String(cause.code))
  }
  return false
}
