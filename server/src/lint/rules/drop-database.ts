import { quoteIdentifier } from '../../database/quote'
import type { LintRule } from '../context'

export const dropDatabase: LintRule = {
  code: 'drop-database',
  check({ statement: { node } }) {
    if (node === null || !('DropdbStmt' in node)) return []
    return [
      {
        severity: 'error',
        message: `The database ${quoteIdentifier(node.DropdbStmt.dbname ?? '')} and all its data are lost.`,
        advice: 'This does not belong in a migration. Run it manually, after a backup whose restore you tested.',
      },
    ]
  },
}
