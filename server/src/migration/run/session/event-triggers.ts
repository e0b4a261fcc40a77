import type { DatabaseClient } from '../../../database/connect'
import { errorCode, isRejection } from '../../../database/database-errors'
import { readEventTriggers } from '../../../database/event-triggers'
import type { EventTrigger } from '../../../database/model-surroundings'
import { messageLine, type AuditError } from '../../../errors'
import type { Phrase } from '../../../text/phrase'
import { eventTriggerRejects } from './errors'

/**
 * An error that names the event trigger that caused the given one, and what to do about it; null if none did. `what`
 * describes the statement. Queries the catalog, so the transaction must not be aborted.
 */
export async function explainEventTrigger(
  client: DatabaseClient,
  error: unknown,
  what: Phrase,
): Promise<AuditError | null> {
  const trigger = await rejectingEventTrigger(client, error)
  if (trigger === null) return null
  const findsNothing = NOT_FOUND.has(errorCode(error) ?? '')
  return eventTriggerRejects({ ...trigger, what, message: messageLine(error), findsNothing }, error)
}

/** The event trigger that caused an error; null if none did. Queries the catalog, as `explainEventTrigger`. */
export async function rejectingEventTrigger(client: DatabaseClient, error: unknown): Promise<EventTrigger | null> {
  // One that was cancelled was not rejected by an event trigger.
  if (!isRejection(error)) return null
  const where = 'where' in error && typeof error.where === 'string' ? error.where : ''
  if (where === '') return null
  const triggers = await readEventTriggers(client).catch(() => [])
  const rejecting = triggers.find(
    ({ functionName, bareFunctionName }) => where.includes(functionName) || where.includes(` ${bareFunctionName}`),
  )
  return rejecting ?? null
}

/** For a table, function, type or schema that is not in the search path. */
const NOT_FOUND = new Set(['42P01', '42883', '42704', '3F000'])
