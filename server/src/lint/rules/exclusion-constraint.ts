import { isOldTable, lockSeverity, sizeOf, type LintRule } from '../context'
import { addedConstraint, alterActions, shown } from '../syntax'
import { phrase } from '../../text/phrase'

export const exclusionConstraint: LintRule = {
  code: 'exclusion-constraint',
  check(context) {
    return alterActions(context.statement).flatMap((action) => {
      const { table, span } = action
      if (addedConstraint(action)?.contype !== 'CONSTR_EXCLUSION' || !isOldTable(context, table)) return []
      return [
        {
          severity: lockSeverity(context, table),
          message: phrase`Blocks reads and writes of ${shown(table)}${sizeOf(context, table)} while the constraint's index is built (ACCESS EXCLUSIVE lock); fails if rows conflict.`,
          advice: phrase`PostgreSQL cannot build it CONCURRENTLY: run it while the table is small or not in use.`,
          span,
        },
      ]
    })
  },
}
