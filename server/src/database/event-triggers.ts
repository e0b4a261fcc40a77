import type { DatabaseClient } from './connect'
import type { EventTrigger } from './model-surroundings'
import { withTrustedRoles } from './trusted-roles'
import eventTriggersQuery from './queries/event-triggers.sql'

export async function readEventTriggers(client: DatabaseClient): Promise<EventTrigger[]> {
  return (await client.query<EventTrigger>(withTrustedRoles(eventTriggersQuery))).rows
}
