import { isOldTable, type LintRule } from '../context'
import { shown, tableName } from '../syntax'

export const truncate: LintRule = {
  code: 'truncate',
  check(context) {
    const { node } = context.statement
    if (node === null || !('TruncateStmt' in node)) return []
    const { relations = [], behavior } = node.TruncateStmt
    const tables = relations.flatMap((relation) => ('RangeVar' in relation ? [tableName(relation.RangeVar)] : []))
    const old = tables.filter((table) => isOldTable(context, table))
    if (old.length === 0) return []
    const more = behavior === 'DROP_CASCADE' ? ' and of every table that references them' : ''
    return [
      {
        severity: 'warning',
        message: `TRUNCATE deletes all rows of ${old.map(shown).join(' and ')}${more} (ACCESS EXCLUSIVE lock).`,
        advice: 'Back them up, and run it manually, not in a migration that runs everywhere.',
      },
    ]
  },
}
