import type { LintRule } from '../context'
import { concurrentlyFix } from '../fixes'
import { phrase } from '../../text/phrase'

export const dropIndexNotConcurrent: LintRule = {
  code: 'drop-index-not-concurrent',
  check(context) {
    const { node } = context.statement
    if (node === null || !('DropStmt' in node)) return []
    const { removeType, concurrent, behavior } = node.DropStmt
    if (removeType !== 'OBJECT_INDEX' || concurrent === true) return []
    return [
      {
        severity: 'hint',
        message: phrase`Blocks reads and writes of the table until the transaction ends (ACCESS EXCLUSIVE lock).`,
        advice: phrase`On a busy table, use DROP INDEX CONCURRENTLY as the only statement of its migration.`,
        fix:
          behavior === 'DROP_CASCADE' ? null : concurrentlyFix(context, 'INDEX', phrase`Drop the index CONCURRENTLY`),
      },
    ]
  },
}
