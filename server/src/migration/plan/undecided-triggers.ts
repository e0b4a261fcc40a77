import { isEnabled, judgeTrigger, type FindTriggerFunction } from '../../audit/triggers'
import type { Policy } from '../../audit-fields/policy'
import type { DatabaseModel } from '../../database/model'
import type { SchemaModel } from '../../schema/model'
import type { UndecidedTrigger } from '../../verification/model'
import { resolveTargets } from './resolve-targets'

/**
 * The triggers whose text does not show whether they maintain a required column; only a test on the database can tell.
 * If several could, the effects of an UPDATE could not be attributed, and none is returned.
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
