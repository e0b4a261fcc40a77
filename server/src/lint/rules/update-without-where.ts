import { isOldTable, knownRows, lockSeverity, sizeOf, type LintRule } from '../context'
import { dataChanges, shown, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

export const updateWithoutWhere: LintRule = {
  code: 'update-without-where',
  check(context) {
    // Where it holds a lock on top of that, data-change-with-schema-change says so.
    if (context.transaction !== null && context.state.locked.has(context.transaction)) return []
    return dataChanges(context.statement.node, 'UpdateStmt').flatMap(({ relation, whereClause }) => {
      const table = tableName(relation)
      if (whereClause !== undefined || !isOldTable(context, table)) return []
      if (knownRows(context, table) === 0) return []
      return [
        {
          severity: lockSeverity(context, table),
          message: phrase`Updates every row of ${shown(table)}${sizeOf(context, table)} in one transaction, and locks each row until it commits.`,
          advice: phrase`Update in batches of a few thousand rows, each in its own transaction.`,
        },
      ]
    })
  },
}
