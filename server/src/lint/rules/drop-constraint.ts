import { quoteIdentifier } from '../../database/quote'
import { isOldTable, type LintContext, type LintRule } from '../context'
import type { TableName } from '../script'
import { addedConstraint, alterActions, shown } from '../syntax'
import { phrase } from '../../text/phrase'

export const dropConstraint: LintRule = {
  code: 'drop-constraint',
  check(context) {
    const { state } = context
    return alterActions(context.statement).flatMap(({ table, command: { subtype, name = '' }, span }) => {
      if (subtype !== 'AT_DropConstraint' || !isOldTable(context, table)) return []
      // A CHECK that proved NOT NULL is no longer needed; a constraint that is added again is changed, not lost.
      const isProof = state.notNullChecks.has(`${state.key(table)}.${name}`)
      if (isProof || comesAgain(context, table, name)) return []
      return [
        {
          severity: 'hint',
          message: phrase`PostgreSQL no longer enforces ${quoteIdentifier(name)} on ${shown(table)}.`,
          advice: phrase`Rows that violate it must be fixed before it can be added again.`,
          span,
        },
      ]
    })
  },
}

function comesAgain({ script, statement, state }: LintContext, table: TableName, name: string): boolean {
  return script.statements
    .filter(({ start }) => start >= statement.start)
    .flatMap(alterActions)
    .some((action) => {
      const isHere = state.key(action.table) === state.key(table)
      const added = addedConstraint(action)
      // A table has one primary key, whatever its name.
      return (
        isHere &&
        added !== null &&
        (added.conname === name || (name.endsWith('_pkey') && added.contype === 'CONSTR_PRIMARY'))
      )
    })
}
