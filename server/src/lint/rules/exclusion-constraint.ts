import { isOldTable, lockSeverity, sizeOf, type LintRule } from '../context'
import { addedConstraint, alterActions, shown } from '../syntax'

export const exclusionConstraint: LintRule = {
  code: 'exclusion-constraint',
  check(context) {
    return alterActions(context.statement).flatMap((action) => {
      const { table, span } = action
      if (addedConstraint(action)?.contype !== 'CONSTR_EXCLUSION' || !isOldTable(context, table)) return []
      return [
        {
          severity: lockSeverity(context, table),
          message: `Nobody can read or write ${shown(table)}${sizeOf(context, table)} while the index behind the constraint is built (ACCESS EXCLUSIVE lock); rows that collide make it fail.`,
          advice: 'PostgreSQL has no way to build it beside writers: do it while the table is small or at rest.',
          span,
        },
      ]
    })
  },
}
