import { isOldTable, type LintRule } from '../context'
import { dataChanges, shown, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

export const deleteWithoutWhere: LintRule = {
  code: 'delete-without-where',
  check(context) {
    return dataChanges(context.statement.node, 'DeleteStmt').flatMap(({ relation, whereClause, usingClause }) => {
      const table = tableName(relation)
      if (whereClause !== undefined || !isOldTable(context, table)) return []
      return [
        {
          severity: 'warning',
          message:
            usingClause === undefined
              ? phrase`DELETE without WHERE deletes all rows of ${shown(table)}, in every database that runs the migration.`
              : phrase`USING without WHERE is a cross join: it deletes all rows of ${shown(table)} if the other table has any.`,
          advice: phrase`Add a WHERE clause.`,
        },
      ]
    })
  },
}
