import { isOldTable, lockSeverity, sizeOf, type LintContext, type LintRule, type RuleFinding } from '../context'
import { notValidFix } from '../fixes'
import type { TableName } from '../script'
import { addedConstraint, alterActions, shown } from '../syntax'
import { addedColumns } from './added-column'
import { phrase, type Phrase } from '../../text/phrase'

export const checkNotValidMissing: LintRule = {
  code: 'check-not-valid-missing',
  check(context) {
    return [...scannedForNewColumns(context), ...scannedForConstraints(context)]
  },
}

/** PostgreSQL checks each row, although all have the same value. */
function scannedForNewColumns(context: LintContext): RuleFinding[] {
  return addedColumns(context).flatMap(({ action: { table, span }, constraints }) => {
    const checks = constraints.some(
      ({ contype }, index) =>
        contype === 'CONSTR_CHECK' && constraints[index + 1]?.contype !== 'CONSTR_ATTR_NOT_ENFORCED',
    )
    if (!checks) return []
    const advice = phrase`Add the column without the CHECK, then the constraint as NOT VALID, and run VALIDATE CONSTRAINT in the next migration.`
    return [{ severity: lockSeverity(context, table), message: blocks(context, table), advice, span }]
  })
}

function scannedForConstraints(context: LintContext): RuleFinding[] {
  return alterActions(context.statement).flatMap((action) => {
    const { table, span } = action
    const constraint = addedConstraint(action)
    if (constraint?.contype !== 'CONSTR_CHECK' || constraint.skip_validation === true) return []
    if (constraint.is_enforced === false || !isOldTable(context, table)) return []
    return [
      {
        severity: lockSeverity(context, table),
        message: blocks(context, table),
        advice: phrase`Add it as NOT VALID, and run VALIDATE CONSTRAINT in the next migration.`,
        span,
        fix: notValidFix(context, { table, name: constraint.conname, end: span.end }),
      },
    ]
  })
}

function blocks(context: LintContext, table: TableName): Phrase {
  return phrase`Blocks reads and writes of ${shown(table)}${sizeOf(context, table)} while every row is checked (ACCESS EXCLUSIVE lock).`
}
