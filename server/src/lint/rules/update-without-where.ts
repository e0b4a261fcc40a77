import { meetsEveryValue } from '../conditions'
import { isOldTable, knownRows, lockSeverity, sizeOf, type LintRule } from '../context'
import { mergesEveryRow } from '../merge'
import { dataChanges, shown, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

export const updateWithoutWhere: LintRule = {
  code: 'update-without-where',
  check(context) {
    // If it also holds a lock, data-change-with-schema-change reports that.
    if (context.transaction !== null && context.state.locked.has(context.transaction)) return []
    const { node } = context.statement
    const updates = dataChanges(node, 'UpdateStmt').filter(({ whereClause }) => meetsEveryValue(whereClause))
    const merges = dataChanges(node, 'MergeStmt').filter((merge) =>
      mergesEveryRow(merge, 'MERGE_WHEN_MATCHED', 'CMD_UPDATE'),
    )
    return [...updates, ...merges].flatMap(({ relation }) => {
      const table = tableName(relation)
      if (!isOldTable(context, table)) return []
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
