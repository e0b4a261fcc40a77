import { lockSeverity, sizeOf, type LintRule } from '../context'
import { shown } from '../syntax'
import { volatilityOf } from '../volatility'
import { addedColumns } from './added-column'
import { phrase } from '../../text/phrase'

export const volatileDefault: LintRule = {
  code: 'volatile-default',
  check(context) {
    return addedColumns(context).flatMap(({ action: { table, span }, constraints }) => {
      const expression = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr
      if (expression === undefined) return []
      const { volatility, name } = volatilityOf(expression, context.state)
      if (volatility === 'none') return []
      const locked = phrase`reads and writes of ${shown(table)}${sizeOf(context, table)} are blocked while the table is rewritten (ACCESS EXCLUSIVE lock)`
      return [
        {
          severity: volatility === 'volatile' ? lockSeverity(context, table) : 'information',
          message:
            volatility === 'volatile'
              ? phrase`${name}() returns a new value for each row, so ${locked}.`
              : phrase`Unless ${name}() is declared STABLE or IMMUTABLE, ${locked}.`,
          advice: phrase`Add the column without a default, set the default in a second statement, and backfill the rows in batches.`,
          span,
        },
      ]
    })
  },
}
