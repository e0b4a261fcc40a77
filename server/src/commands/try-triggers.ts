import type { Policy } from '../audit-fields/policy'
import type { DatabaseModel } from '../database/model'
import { undecidedTriggers } from '../migration/plan/undecided-triggers'
import type { SchemaModel } from '../schema/model'
import { tryTriggers } from '../verification/writes/try-triggers'
import { computing, type Interaction } from './interaction'
import { withTarget, type Target } from './target'

/**
 * Adds to the database model what triggers were observed to do if their code does not show it. It writes and rolls
 * back, so only plan and verify use it; it connects only if there is such a trigger.
 */
export async function withTriedTriggers(
  interaction: Interaction,
  target: Target,
  given: { readonly schema: SchemaModel; readonly policy: Policy | null; readonly database: DatabaseModel },
): Promise<DatabaseModel> {
  const { schema, policy, database } = given
  const undecided =
    policy === null ? [] : await computing(interaction, () => undecidedTriggers({ schema, policy, database }))
  if (undecided.length === 0) return database
  return await withTarget(target, interaction, (client) => tryTriggers(client, database, undecided))
}
