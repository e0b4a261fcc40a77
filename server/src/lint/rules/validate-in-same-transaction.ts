import { isOldTable, type LintRule } from '../context'
import { alterActions, shown } from '../syntax'

export const validateInSameTransaction: LintRule = {
  code: 'validate-in-same-transaction',
  check(context) {
    const { state, transaction } = context
    return alterActions(context.statement).flatMap(({ table, command: { subtype, name = '' }, span }) => {
      if (subtype !== 'AT_ValidateConstraint' || transaction === null || !isOldTable(context, table)) return []
      if (state.notValid.get(`${state.key(table)}.${name}`) !== transaction) return []
      return [
        {
          severity: 'warning',
          message: `The lock of ADD CONSTRAINT lasts until the transaction ends, so writers of ${shown(table)} wait while every row is read after all.`,
          advice: 'Validate it in a migration of its own.',
          span,
        },
      ]
    })
  },
}
