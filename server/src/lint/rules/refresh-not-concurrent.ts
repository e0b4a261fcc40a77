import { lockSeverity, sizeOf, type LintRule } from '../context'
import { shown, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

export const refreshNotConcurrent: LintRule = {
  code: 'refresh-not-concurrent',
  check(context) {
    const { node } = context.statement
    if (node === null || !('RefreshMatViewStmt' in node)) return []
    const { concurrent, skipData, relation } = node.RefreshMatViewStmt
    const view = tableName(relation)
    if (concurrent === true || skipData === true || context.state.isNew(view)) return []
    return [
      {
        severity: lockSeverity(context, view),
        message: phrase`Blocks reads of ${shown(view)}${sizeOf(context, view)} while it is refreshed (ACCESS EXCLUSIVE lock).`,
        advice: phrase`Use REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view.`,
      },
    ]
  },
}
