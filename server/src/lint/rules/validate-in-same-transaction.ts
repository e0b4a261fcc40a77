import { isOldTable, type LintRule } from '../context'
import { alterActions, shown } from '../syntax'
import { phrase } from '../../text/phrase'

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
          message: phrase`ADD CONSTRAINT holds its lock until the transaction ends, so writes to ${shown(table)} are blocked while VALIDATE CONSTRAINT reads every row.`,
          advice: phrase`Validate it in a separate migration.`,
          span,
        },
      ]
    })
  },
}
