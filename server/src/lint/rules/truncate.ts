import { isOldTable, type LintRule } from '../context'
import { shown, tableName } from '../syntax'
import { allOf, phrase } from '../../text/phrase'

export const truncate: LintRule = {
  code: 'truncate',
  check(context) {
    const { node } = context.statement
    if (node === null || !('TruncateStmt' in node)) return []
    const { relations = [], behavior } = node.TruncateStmt
    const tables = relations.flatMap((relation) => ('RangeVar' in relation ? [tableName(relation.RangeVar)] : []))
    const old = tables.filter((table) => isOldTable(context, table))
    if (old.length === 0) return []
    const more = behavior === 'DROP_CASCADE' ? phrase` and of every table that references them` : ''
    return [
      {
        severity: 'warning',
        message: phrase`TRUNCATE deletes all rows of ${allOf(old.map(shown))}${more} (ACCESS EXCLUSIVE lock).`,
        advice: phrase`Back them up, and run it manually, not in a migration that runs everywhere.`,
      },
    ]
  },
}
