import { quoteIdentifier } from '../../database/quote'
import { isOldTable, type LintRule } from '../context'
import { shown, tableName } from '../syntax'

export const renameColumn: LintRule = {
  code: 'rename-column',
  check(context) {
    const { node } = context.statement
    if (node === null || !('RenameStmt' in node)) return []
    const { renameType, relationType, relation, subname = '' } = node.RenameStmt
    if (renameType !== 'OBJECT_COLUMN' || relationType !== 'OBJECT_TABLE') return []
    const table = tableName(relation)
    if (!isOldTable(context, table)) return []
    if (context.state.addedColumns.has(`${context.state.key(table)}.${subname}`)) return []
    return [
      {
        severity: 'warning',
        message: `Every program that knows ${quoteIdentifier(subname)} of ${shown(table)} by this name fails until it is redeployed.`,
        advice:
          'Keep the name in the database and write @map into the field; or add a second column, keep both by a trigger, and drop the old one later.',
      },
    ]
  },
}
