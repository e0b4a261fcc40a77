import { phraseOfPrecondition } from '../../plan/precondition-texts'
import type { DatabaseClient } from '../../../database/connect'
import { errorCode } from '../../../database/database-errors'
import type { Step } from '../../model'
import { PRECONDITION_FAILED } from '../../plan/steps/precondition'
import { preconditionFailed, type UnmetPrecondition } from './errors'

/** Checks a precondition before anything is changed; rejects with an AuditError if it is not met. */
export async function checkPrecondition(client: DatabaseClient, step: Step): Promise<void> {
  const unmet = await askPrecondition(client, step)
  if (unmet !== null) throw preconditionFailed(unmet)
}

/** Null if it is met. */
export async function askPrecondition(client: DatabaseClient, step: Step): Promise<UnmetPrecondition | null> {
  await client.query('BEGIN READ ONLY')
  try {
    for (const statement of step.up) await client.query(statement)
    return null
  } catch (error) {
    if (errorCode(error) !== PRECONDITION_FAILED || !(error instanceof Error)) throw error
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : ''
    return {
      message: phraseOfPrecondition(error.message),
      hint: phraseOfPrecondition(hint),
      rows: 'detail' in error ? rowsIn(error.detail) : null,
    }
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
  }
}

/** `{"rows" : 12}`, as the step counts them. */
function rowsIn(detail: unknown): number | null {
  if (typeof detail !== 'string') return null
  try {
    const { rows } = JSON.parse(detail) as { readonly rows?: unknown }
    return typeof rows === 'number' ? rows : null
  } catch {
    return null
  }
}
