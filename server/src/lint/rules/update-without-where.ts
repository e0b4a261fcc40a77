import { isOldTable, knownRows, lockSeverity, sizeOf, type LintRule } from '../context'
import { shown, tableName } from '../syntax'

export const updateWithoutWhere: LintRule = {
  code: 'update-without-where',
  check(context) {
    const { node } = context.statement
    if (node === null || !('UpdateStmt' in node)) return []
    const { relation, whereClause } = node.UpdateStmt
    const table = tableName(relation)
    if (whereClause !== undefined || !isOldTable(context, table)) return []
    // Where it holds a lock on top of that, data-change-with-schema-change says so.
    if (context.transaction !== null && context.state.locked.has(context.transaction)) return []
    if (knownRows(context, table) === 0) return []
    return [
      {
        severity: lockSeverity(context, table),
        message: `Updates every row of ${shown(table)}${sizeOf(context, table)} in one transaction, and locks each row until it commits.`,
        advice: 'Update in batches of a few thousand rows, each in its own transaction.',
      },
    ]
  },
}
