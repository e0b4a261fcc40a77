import { catalogTable, isOldTable, lockSeverity, sizeOf, type LintRule } from '../context'
import { concurrentlyFix } from '../fixes'
import { shown, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

export const indexNotConcurrent: LintRule = {
  code: 'index-not-concurrent',
  check(context) {
    const { node } = context.statement
    if (node === null || !('IndexStmt' in node) || node.IndexStmt.concurrent === true) return []
    const table = tableName(node.IndexStmt.relation)
    // ON ONLY a partitioned table builds nothing: its partitions get theirs one by one.
    if (!isOldTable(context, table) || node.IndexStmt.relation?.inh !== true) return []
    const isPartitioned = catalogTable(context, table)?.kind === 'partitioned table'
    return [
      {
        severity: lockSeverity(context, table),
        message: phrase`Blocks writes to ${shown(table)}${sizeOf(context, table)} while the index is built (SHARE lock).`,
        advice: isPartitioned
          ? phrase`Create the index ON ONLY the partitioned table, then CONCURRENTLY on each partition, and attach those.`
          : phrase`Use CREATE INDEX CONCURRENTLY as the only statement of its migration.`,
        fix: isPartitioned ? null : concurrentlyFix(context, 'INDEX', phrase`Create the index CONCURRENTLY`),
      },
    ]
  },
}
