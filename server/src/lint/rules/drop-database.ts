import { quoteIdentifier } from '../../database/quote'
import type { LintRule } from '../context'
import { phrase } from '../../text/phrase'

export const dropDatabase: LintRule = {
  code: 'drop-database',
  check({ statement: { node } }) {
    if (node === null || !('DropdbStmt' in node)) return []
    return [
      {
        severity: 'error',
        message: phrase`The database ${quoteIdentifier(node.DropdbStmt.dbname ?? '')} and all its data are lost.`,
        advice: phrase`This does not belong in a migration. Run it manually, after a backup whose restore you tested.`,
      },
    ]
  },
}
