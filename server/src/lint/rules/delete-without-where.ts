import { isOldTable, type LintRule } from '../context'
import { shown, tableName } from '../syntax'

export const deleteWithoutWhere: LintRule = {
  code: 'delete-without-where',
  check(context) {
    const { node } = context.statement
    if (node === null || !('DeleteStmt' in node)) return []
    const { relation, whereClause, usingClause } = node.DeleteStmt
    const table = tableName(relation)
    if (whereClause !== undefined || !isOldTable(context, table)) return []
    return [
      {
        severity: 'warning',
        message:
          usingClause === undefined
            ? `All rows of ${shown(table)} are deleted, on every database that the migration runs on.`
            : `USING without WHERE joins nothing: all rows of ${shown(table)} are deleted as soon as the other table has one.`,
        advice: 'Say with WHERE which rows are meant.',
      },
    ]
  },
}
