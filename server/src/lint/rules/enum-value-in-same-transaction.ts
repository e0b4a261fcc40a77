import { quoteLiteral } from '../../database/quote'
import type { LintRule } from '../context'
import { nodesNamed } from '../syntax'
import { phrase } from '../../text/phrase'

export const enumValueInSameTransaction: LintRule = {
  code: 'enum-value-in-same-transaction',
  check({ statement: { node }, state, transaction }) {
    if (node === null || transaction === null || 'AlterEnumStmt' in node || 'CreateEnumStmt' in node) return []
    if ('CommentStmt' in node || 'CreateFunctionStmt' in node) return []
    const added = state.addedEnumValues.filter(
      (value) => value.transaction === transaction && !state.newTypes.has(value.type),
    )
    if (added.length === 0) return []
    const used = new Set([...nodesNamed(node, 'A_Const')].map(({ sval }) => sval?.sval))
    return added
      .filter(({ value }) => used.has(value))
      .map(({ value, type }) => ({
        severity: 'error',
        message: phrase`The value ${quoteLiteral(value)} is added to the enum ${type} in the same transaction. New enum values must be committed before they can be used.`,
        advice: phrase`Add the value in an earlier migration.`,
      }))
  },
}
