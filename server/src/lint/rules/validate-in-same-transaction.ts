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
          message: `ADD CONSTRAINT holds its lock until the transaction ends, so writes to ${shown(table)} are blocked while VALIDATE CONSTRAINT reads every row.`,
          advice: 'Validate it in a separate migration.',
          span,
        },
      ]
    })
  },
}
