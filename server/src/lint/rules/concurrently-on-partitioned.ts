import { catalogTable, type LintRule } from '../context'
import { shown, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

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
        message: phrase`PostgreSQL cannot create an index on the partitioned table ${shown(table)} CONCURRENTLY.`,
        advice: phrase`Create the index ON ONLY the partitioned table, then CONCURRENTLY on each partition, and attach those.`,
      },
    ]
  },
}
