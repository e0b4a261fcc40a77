import { quoteLiteral } from '../../database/quote'
import type { LintRule } from '../context'
import { phrase } from '../../text/phrase'

export const renameEnumValue: LintRule = {
  code: 'rename-enum-value',
  check({ statement: { node } }) {
    if (node === null || !('AlterEnumStmt' in node) || node.AlterEnumStmt.oldVal === undefined) return []
    return [
      {
        severity: 'warning',
        message: phrase`Clients that use the value ${quoteLiteral(node.AlterEnumStmt.oldVal)} fail until they are redeployed.`,
        advice: phrase`Leave the value in the database and add @map to it in the enum; or add the new value as well.`,
      },
    ]
  },
}
