import type { DatabaseClient } from '../../../database/connect'
import { errorCode } from '../../../database/database-errors'
import type { Step } from '../../model'
import { PRECONDITION_FAILED } from '../../plan/steps/precondition'
import { preconditionFailed } from './errors'

/** Checks a precondition before anything is changed; rejects with an AuditError if it is not met. */
export async function checkPrecondition(client: DatabaseClient, step: Step): Promise<void> {
  await client.query('BEGIN READ ONLY')
  try {
    for (const statement of step.up) await client.query(statement)
  } catch (error) {
    if (errorCode(error) !== PRECONDITION_FAILED || !(error instanceof Error)) throw error
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : ''
    throw preconditionFailed(error.message, hint)
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
  }
}
