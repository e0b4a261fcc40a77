import { quoteIdentifier } from '../../database/quote'
import type { LintRule } from '../context'

export const dropDatabase: LintRule = {
  code: 'drop-database',
  check({ statement: { node } }) {
    if (node === null || !('DropdbStmt' in node)) return []
    return [
      {
        severity: 'error',
        message: `The database ${quoteIdentifier(node.DropdbStmt.dbname ?? '')} is lost with all it holds.`,
        advice: 'This is no migration. Do it by hand, after a backup that was proven to restore.',
      },
    ]
  },
}
