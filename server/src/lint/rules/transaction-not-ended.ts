import type { LintRule } from '../context'
import { phrase } from '../../text/phrase'

export const transactionNotEnded: LintRule = {
  code: 'transaction-not-ended',
  check({ foreseen, statement }) {
    const { node, start } = statement
    if (node === null || !('TransactionStmt' in node) || !BEGINS.has(node.TransactionStmt.kind ?? '')) return []
    if (foreseen.lastEnd > start) return []
    return [
      {
        severity: 'warning',
        message: phrase`BEGIN without COMMIT: everything after it is rolled back when the session ends.`,
        advice: phrase`End the script with COMMIT.`,
      },
    ]
  },
}

const BEGINS: ReadonlySet<string> = new Set(['TRANS_STMT_BEGIN', 'TRANS_STMT_START'])
