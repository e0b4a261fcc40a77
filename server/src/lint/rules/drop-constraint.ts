import { quoteIdentifier } from '../../database/quote'
import { isOldTable, type LintContext, type LintRule } from '../context'
import type { TableName } from '../script'
import { alterActions, shown } from '../syntax'
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

function comesAgain({ foreseen, statement, state }: LintContext, table: TableName, name: string): boolean {
  const key = state.key(table)
  const isAdded = (constraint: string): boolean => (foreseen.addedConstraints.get(constraint) ?? -1) >= statement.start
  // A table has one primary key, whatever its name.
  return isAdded(`${key}.${name}`) || (name.endsWith('_pkey') && isAdded(key))
}
