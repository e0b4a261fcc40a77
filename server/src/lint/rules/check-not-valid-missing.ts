import { isOldTable, lockSeverity, sizeOf, type LintRule } from '../context'
import { notValidFix } from '../fixes'
import { addedConstraint, alterActions, shown } from '../syntax'

export const checkNotValidMissing: LintRule = {
  code: 'check-not-valid-missing',
  check(context) {
    return alterActions(context.statement).flatMap((action) => {
      const { table, span } = action
      const constraint = addedConstraint(action)
      if (constraint?.contype !== 'CONSTR_CHECK' || constraint.skip_validation === true) return []
      if (constraint.is_enforced === false || !isOldTable(context, table)) return []
      return [
        {
          severity: lockSeverity(context, table),
          message: `Blocks reads and writes of ${shown(table)}${sizeOf(context, table)} while every row is checked (ACCESS EXCLUSIVE lock).`,
          advice: 'Add it as NOT VALID, and run VALIDATE CONSTRAINT in the next migration.',
          span,
          fix: notValidFix(context, { table, name: constraint.conname, end: span.end }),
        },
      ]
    })
  },
}
