import { lockSeverity, sizeOf, type LintRule } from '../context'
import { shown } from '../syntax'
import { volatilityOf } from '../volatility'
import { addedColumns } from './added-column'

export const volatileDefault: LintRule = {
  code: 'volatile-default',
  check(context) {
    return addedColumns(context).flatMap(({ action: { table, span }, constraints }) => {
      const expression = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr
      if (expression === undefined) return []
      const { volatility, name } = volatilityOf(expression, context.state)
      if (volatility === 'none') return []
      const locked = `${shown(table)}${sizeOf(context, table)} is rewritten and nobody can read or write it meanwhile (ACCESS EXCLUSIVE lock)`
      return [
        {
          severity: volatility === 'volatile' ? lockSeverity(context, table) : 'information',
          message:
            volatility === 'volatile'
              ? `${name}() gives each row another value, so ${locked}.`
              : `Unless ${name}() is declared STABLE or IMMUTABLE, ${locked}.`,
          advice:
            'Add the column without a default, set the default in a second statement, and fill the rows in batches.',
          span,
        },
      ]
    })
  },
}
