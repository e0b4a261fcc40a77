import type { LintRule } from '../context'
import type { Statement } from '../script'
import { phrase } from '../../text/phrase'

export const transactionNotEnded: LintRule = {
  code: 'transaction-not-ended',
  check({ script, statement }) {
    if (!isTransaction(statement, BEGINS)) return []
    const later = script.statements.filter(({ start }) => start > statement.start)
    // A statement that does not parse may end it.
    if (later.some((other) => isTransaction(other, ENDS) || other.node === null)) return []
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
const ENDS: ReadonlySet<string> = new Set(['TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK', 'TRANS_STMT_PREPARE'])

function isTransaction({ node }: Statement, kinds: ReadonlySet<string>): boolean {
  return node !== null && 'TransactionStmt' in node && kinds.has(node.TransactionStmt.kind ?? '')
}
