import { isOldTable, type LintRule } from '../context'
import { shown, tableName } from '../syntax'

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
    const trigger = state.triggers.find(
      (candidate) =>
        candidate.isUpdate &&
        candidate.table === state.key(table) &&
        (candidate.columns.length === 0 || candidate.columns.some((column) => changed.includes(column))),
    )
    if (trigger === undefined || !isOldTable(context, table)) return []
    return [
      {
        severity: 'warning',
        message: `The trigger ${trigger.name} that this script has just made runs for each of these rows of ${shown(table)}, so they all count as changed now.`,
        advice: 'Fill the rows first and create the trigger last.',
      },
    ]
  },
}
