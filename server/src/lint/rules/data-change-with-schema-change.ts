import type { Node } from 'libpg-query'
import { isOldTable, lockSeverity, sizeOf, type LintRule } from '../context'
import type { TableName } from '../script'
import { shown, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

export const dataChangeWithSchemaChange: LintRule = {
  code: 'data-change-with-schema-change',
  check(context) {
    const { statement, transaction, state } = context
    const table = statement.node === null ? null : changedTable(statement.node)
    const locked = transaction === null ? undefined : state.locked.get(transaction)
    if (table === null || locked === undefined || !isOldTable(context, table)) return []
    return [
      {
        severity: lockSeverity(context, table),
        message: phrase`Rows of ${shown(table)}${sizeOf(context, table)} are written in the transaction that alters ${shown(locked)}, which blocks reads and writes of ${shown(locked)} until it commits (ACCESS EXCLUSIVE lock).`,
        advice: phrase`Change the schema in one migration, and the rows in batches in the next.`,
      },
    ]
  },
}

/** The table of an UPDATE or DELETE, which searches its rows; an INSERT adds rows, and waits for no one. */
function changedTable(node: Node): TableName | null {
  if ('UpdateStmt' in node) return tableName(node.UpdateStmt.relation)
  if ('DeleteStmt' in node) return tableName(node.DeleteStmt.relation)
  return 'MergeStmt' in node ? tableName(node.MergeStmt.relation) : null
}
