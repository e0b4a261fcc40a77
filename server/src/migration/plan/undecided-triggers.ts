import { isEnabled, judgeTrigger, type FindTriggerFunction } from '../../audit/triggers'
import type { Policy } from '../../audit-fields/policy'
import type { DatabaseModel } from '../../database/model'
import type { SchemaModel } from '../../schema/model'
import { resolveTargets } from './resolve-targets'

/** By their bare names; `column` is the one that the policy wants to be kept. */
export interface UndecidedTrigger {
  readonly schema: string
  readonly table: string
  readonly trigger: string
  readonly column: string
}

/**
 * The triggers of which their text does not say whether they keep a column that the policy requires; only the database can
 * tell. Where several come into question, what an UPDATE shows could not be told apart, and none is named.
 */
export function undecidedTriggers(project: {
  readonly schema: SchemaModel
  readonly policy: Policy
  readonly database: DatabaseModel
}): UndecidedTrigger[] {
  const find: FindTriggerFunction = (schema, name) =>
    project.database.triggerFunctions.find((found) => found.schema === schema && found.name === name)
  return resolveTargets(project).targets.flatMap((target) => {
    const { column, databaseColumn, databaseTable, schema, table } = target
    if (target.shape !== 'timestamp' || target.trigger === null || databaseColumn === null) return []
    const judged = (databaseTable?.triggers ?? [])
      .filter(isEnabled)
      .map((trigger) => ({ trigger: trigger.name, effect: judgeTrigger(trigger, column, 'UPDATE', find) }))
    const unknown = judged.filter(({ effect }) => effect === 'unknown')
    const [only] = unknown
    if (only === undefined || unknown.length > 1 || judged.some(({ effect }) => effect === 'sets')) return []
    return [{ schema, table, trigger: only.trigger, column }]
  })
}
