import { isOldTable, lockSeverity, sizeOf, type LintRule } from '../context'
import { concurrentlyFix } from '../fixes'
import { shown, tableName } from '../syntax'

export const indexNotConcurrent: LintRule = {
  code: 'index-not-concurrent',
  check(context) {
    const { node } = context.statement
    if (node === null || !('IndexStmt' in node) || node.IndexStmt.concurrent === true) return []
    const table = tableName(node.IndexStmt.relation)
    if (!isOldTable(context, table)) return []
    return [
      {
        severity: lockSeverity(context, table),
        message: `Nobody can write to ${shown(table)}${sizeOf(context, table)} while the index is built (SHARE lock).`,
        advice: 'Build it with CREATE INDEX CONCURRENTLY, as the only statement of its migration.',
        fix: concurrentlyFix(context, 'INDEX', 'Build it CONCURRENTLY'),
      },
    ]
  },
}
