import type { MergeStmt } from 'libpg-query'
import { meetsEveryRow, meetsEveryValue } from '../conditions'
import { isOldTable, type LintRule } from '../context'
import { mergesEveryRow } from '../merge'
import { dataChanges, shown, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

export const deleteWithoutWhere: LintRule = {
  code: 'delete-without-where',
  check(context) {
    const { node } = context.statement
    const deletes = dataChanges(node, 'DeleteStmt').flatMap(({ relation, whereClause, usingClause }) => {
      const table = tableName(relation)
      if (!meetsEveryValue(whereClause)) return []
      return [
        {
          table,
          message:
            usingClause === undefined
              ? phrase`DELETE without WHERE deletes all rows of ${shown(table)}, in every database that runs the migration.`
              : phrase`USING without WHERE is a cross join: it deletes all rows of ${shown(table)} if the other table has any.`,
          advice:
            whereClause === undefined
              ? phrase`Add a WHERE clause.`
              : meetsEveryRow(whereClause)
                ? ALWAYS_TRUE
                : TRUE_UNLESS_NULL,
        },
      ]
    })
    const merges = dataChanges(node, 'MergeStmt').flatMap(mergedDeletes)
    return [...deletes, ...merges]
      .filter(({ table }) => isOldTable(context, table))
      .map(({ message, advice }) => ({ severity: 'warning', message, advice }))
  },
}

function mergedDeletes(merge: MergeStmt) {
  const table = tableName(merge.relation)
  if (mergesEveryRow(merge, 'MERGE_WHEN_MATCHED', 'CMD_DELETE')) {
    const message = phrase`MERGE deletes all rows of ${shown(table)} if the source has any.`
    return [{ table, message, advice: ALWAYS_TRUE }]
  }
  if (!mergesEveryRow(merge, 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE', 'CMD_DELETE')) return []
  const message = phrase`MERGE deletes every row of ${shown(table)} that the source lacks: all rows if the source is empty.`
  return [{ table, message, advice: phrase`Add a condition to WHEN NOT MATCHED BY SOURCE.` }]
}

const TRUE_UNLESS_NULL = phrase`The condition is true unless the value is NULL: add a condition on the rows.`
const ALWAYS_TRUE = phrase`The condition is always true: add a condition on the rows.`
