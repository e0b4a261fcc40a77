import { quoteIdentifier } from '../../database/quote'
import { isOldTable, type LintRule } from '../context'
import { shown, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

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
        message: phrase`Clients that use the column name ${quoteIdentifier(subname)} of ${shown(table)} fail until they are redeployed.`,
        advice: phrase`Leave the name in the database and add @map to the field; or add a second column, sync both with a trigger, and drop the old one later.`,
      },
    ]
  },
}
