import { quoteLiteral } from '../../database/quote'
import type { LintRule } from '../context'
import { nodesNamed } from '../syntax'
import { phrase } from '../../text/phrase'

export const enumValueInSameTransaction: LintRule = {
  code: 'enum-value-in-same-transaction',
  check({ statement: { node }, state, transaction }) {
    if (node === null || transaction === null || 'AlterEnumStmt' in node || 'CreateEnumStmt' in node) return []
    if ('CommentStmt' in node || 'CreateFunctionStmt' in node) return []
    const added = state.addedEnumValues.get(transaction)
    if (added === undefined) return []
    const used = new Set([...nodesNamed(node, 'A_Const')].flatMap(({ sval }) => sval?.sval ?? []))
    return [...used]
      .flatMap((value) => (added.get(value) ?? []).map((type) => ({ value, type })))
      .filter(({ type }) => !state.newTypes.has(type))
      .map(({ value, type }) => ({
        severity: 'error',
        message: phrase`The value ${quoteLiteral(value)} is added to the enum ${type} in the same transaction. New enum values must be committed before they can be used.`,
        advice: phrase`Add the value in an earlier migration.`,
      }))
  },
}
