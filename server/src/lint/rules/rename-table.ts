import { catalogTable, isOldTable, type LintContext, type LintRule } from '../context'
import type { TableName } from '../script'
import { shown, tableName } from '../syntax'
import type { Node } from 'libpg-query'
import { phrase } from '../../text/phrase'

export const renameTable: LintRule = {
  code: 'rename-table',
  check(context) {
    const { node } = context.statement
    const table = node === null ? null : renamedTable(node)
    if (table === null || isSequence(context, table) || !isOldTable(context, table)) return []
    return [
      {
        severity: 'warning',
        message: phrase`Clients that use the table name ${shown(table)} fail until they are redeployed.`,
        advice: phrase`Leave the name in the database and add @@map to the model; or create a view with the old name.`,
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

/**
 * `ALTER TABLE` renames sequences too; a default references its sequence by OID, and Prisma Client uses none by name.
 */
function isSequence(context: LintContext, table: TableName): boolean {
  return table.name.endsWith('_seq') && catalogTable(context, table) === null
}
