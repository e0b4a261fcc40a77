import type { DatabaseClient } from '../../../database/connect'
import { errorCode, isServersAnswer } from '../../../database/database-errors'
import { readEventTriggers } from '../../../database/event-triggers'
import { messageLine, type AuditError } from '../../../errors'
import { eventTriggerRejects } from './errors'

/**
 * Of an error that comes out of an event trigger, which one that is and what to do about it; null of all others. `what` was
 * being done. Asks the catalog, so no transaction may be aborted.
 */
export async function explainEventTrigger(
  client: DatabaseClient,
  error: unknown,
  what: string,
): Promise<AuditError | null> {
  if (!isServersAnswer(error) || errorCode(error) === QUERY_CANCELED) return null
  const where = 'where' in error && typeof error.where === 'string' ? error.where : ''
  if (where === '') return null
  const triggers = await readEventTriggers(client).catch(() => [])
  const trigger = triggers.find(
    ({ functionName, bareFunctionName }) => where.includes(functionName) || where.includes(` ${bareFunctionName}`),
  )
  if (trigger === undefined) return null
  const findsNothing = NOT_FOUND.has(errorCode(error) ?? '')
  return eventTriggerRejects({ ...trigger, what, message: messageLine(error), findsNothing }, error)
}

/** By a timeout or a person: that the event trigger was at work just then does not mean that it rejects the statement. */
const QUERY_CANCELED = '57014'

/** Of a table, function, type, schema or column that is not in the search path. */
const NOT_FOUND = new Set(['42P01', '42883', '42704', '3F000'])
