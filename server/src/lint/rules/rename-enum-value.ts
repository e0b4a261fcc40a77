import { quoteLiteral } from '../../database/quote'
import type { LintRule } from '../context'

export const renameEnumValue: LintRule = {
  code: 'rename-enum-value',
  check({ statement: { node } }) {
    if (node === null || !('AlterEnumStmt' in node) || node.AlterEnumStmt.oldVal === undefined) return []
    return [
      {
        severity: 'warning',
        message: `Every program that writes or compares ${quoteLiteral(node.AlterEnumStmt.oldVal)} fails until it is redeployed.`,
        advice: 'Keep the value in the database and write @map into the enum; or add the new one beside it.',
      },
    ]
  },
}
