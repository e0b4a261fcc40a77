import { isOldTable, type LintRule } from '../context'
import { shown, tableName } from '../syntax'
import { allOf, phrase } from '../../text/phrase'

export const lockTable: LintRule = {
  code: 'lock-table',
  check(context) {
    const { node } = context.statement
    if (node === null || !('LockStmt' in node)) return []
    const { relations = [], mode } = node.LockStmt
    // LOCKMODE of PostgreSQL's lockdefs.h: SHARE and above block writers.
    if ((mode ?? 8) < 5) return []
    const tables = relations.flatMap((relation) => ('RangeVar' in relation ? [tableName(relation.RangeVar)] : []))
    const old = tables.filter((table) => isOldTable(context, table))
    if (old.length === 0) return []
    return [
      {
        severity: 'warning',
        message: phrase`Blocks writes to ${allOf(old.map(shown))} until the transaction ends.`,
        advice: phrase`Omit LOCK TABLE, as statements take the locks that they need. Or keep the transaction short and set a lock_timeout.`,
      },
    ]
  },
}
