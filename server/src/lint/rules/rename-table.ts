import { isOldTable, type LintRule } from '../context'
import type { TableName } from '../script'
import { shown, tableName } from '../syntax'
import type { Node } from 'libpg-query'

export const renameTable: LintRule = {
  code: 'rename-table',
  check(context) {
    const { node } = context.statement
    const table = node === null ? null : renamedTable(node)
    if (table === null || !isOldTable(context, table)) return []
    return [
      {
        severity: 'warning',
        message: `Every program that knows ${shown(table)} by this name fails until it is redeployed.`,
        advice: 'Keep the name in the database and write @@map into the model; or leave a view of the old name behind.',
      },
    ]
  },
}

function renamedTable(node: Node): TableName | null {
  if ('RenameStmt' in node && node.RenameStmt.renameType === 'OBJECT_TABLE') return tableName(node.RenameStmt.relation)
  if ('AlterObjectSchemaStmt' in node && node.AlterObjectSchemaStmt.objectType === 'OBJECT_TABLE')
    return tableName(node.AlterObjectSchemaStmt.relation)
  return null
}
