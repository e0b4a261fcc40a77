import { isOldTable, lockSeverity, sizeOf, type LintContext, type LintRule, type RuleFinding } from '../context'
import { alterActions, shown, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

export const tableMoved: LintRule = {
  code: 'table-moved',
  check(context) {
    return [...movedTables(context), ...movedIndexes(context)]
  },
}

function movedTables(context: LintContext): RuleFinding[] {
  return alterActions(context.statement).flatMap(({ table, command: { subtype }, span }) => {
    if (!MOVES.has(subtype ?? '') || !isOldTable(context, table)) return []
    return [
      {
        severity: lockSeverity(context, table),
        message: phrase`Blocks reads and writes of ${shown(table)}${sizeOf(context, table)} while the table is rewritten (ACCESS EXCLUSIVE lock).`,
        advice: phrase`Run it while the table is small or not in use, or use pg_repack.`,
        span,
      },
    ]
  })
}

function movedIndexes({ statement: { node } }: LintContext): RuleFinding[] {
  if (node === null || !('AlterTableStmt' in node) || node.AlterTableStmt.objtype !== 'OBJECT_INDEX') return []
  const { relation, cmds = [] } = node.AlterTableStmt
  const moves = cmds.some((each) => 'AlterTableCmd' in each && MOVES.has(each.AlterTableCmd.subtype ?? ''))
  if (!moves) return []
  return [
    {
      severity: 'warning',
      message: phrase`Blocks writes to the table, and most reads, while the index ${shown(tableName(relation))} is rewritten (ACCESS EXCLUSIVE lock on the index).`,
      advice: phrase`Use REINDEX (CONCURRENTLY, TABLESPACE …) INDEX instead, outside a transaction.`,
    },
  ]
}

const MOVES: ReadonlySet<string> = new Set(['AT_SetTableSpace', 'AT_SetLogged', 'AT_SetUnLogged', 'AT_SetAccessMethod'])
