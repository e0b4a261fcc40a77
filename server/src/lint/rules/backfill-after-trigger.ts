import { isOldTable, type LintRule } from '../context'
import { shown, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

export const backfillAfterTrigger: LintRule = {
  code: 'backfill-after-trigger',
  check(context) {
    const { statement, state } = context
    const { node } = statement
    if (node === null || !('UpdateStmt' in node)) return []
    const table = tableName(node.UpdateStmt.relation)
    const changed = (node.UpdateStmt.targetList ?? []).flatMap((target) =>
      'ResTarget' in target ? (target.ResTarget.name ?? []) : [],
    )
    const trigger = state.updateTriggers.firing(state.key(table), changed)
    if (trigger === null || !isOldTable(context, table)) return []
    return [
      {
        severity: 'warning',
        message: phrase`The trigger ${trigger}, created above, fires for every row of ${shown(table)} that this updates, so all of them look changed now.`,
        advice: phrase`Backfill the rows first and create the trigger last.`,
      },
    ]
  },
}
