import { catalogTable, type LintRule } from '../context'
import { shown, tableName } from '../syntax'

export const concurrentlyOnPartitioned: LintRule = {
  code: 'concurrently-on-partitioned',
  check(context) {
    const { node } = context.statement
    if (node === null || !('IndexStmt' in node) || node.IndexStmt.concurrent !== true) return []
    const table = tableName(node.IndexStmt.relation)
    if (context.state.isNew(table) || catalogTable(context, table)?.kind !== 'partitioned table') return []
    return [
      {
        severity: 'error',
        message: `${shown(table)} is partitioned, and PostgreSQL refuses to build an index on all of it CONCURRENTLY.`,
        advice: 'Create it ON ONLY the partitioned table, CONCURRENTLY on each partition, and attach those.',
      },
    ]
  },
}
