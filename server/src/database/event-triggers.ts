import type { DatabaseClient } from './connect'
import { withTrustedRoles } from './trusted-roles'
import eventTriggersQuery from './queries/event-triggers.sql'

/** One that fires at DDL of the session that asks; extensions' own are left out. */
export interface EventTrigger {
  readonly name: string
  /** `ddl_command_start`, `ddl_command_end`, `sql_drop`, `table_rewrite`. */
  readonly event: string
  /** `CREATE INDEX` …; null for all. */
  readonly tags: readonly string[] | null
  /** Quoted and qualified, with its parentheses, as an error's context spells it. */
  readonly functionName: string
  /** The same without its schema, for a context that was written where that is in the search path. */
  readonly bareFunctionName: string
  readonly source: string
  /** Its function's owner, where that is a role that may do less than the one that asks; null otherwise. */
  readonly lesserOwner: string | null
}

export async function readEventTriggers(client: DatabaseClient): Promise<EventTrigger[]> {
  return (await client.query<EventTrigger>(withTrustedRoles(eventTriggersQuery))).rows
}
