import { isOldTable, lockSeverity, sizeOf, type LintRule } from '../context'
import { notValidFix } from '../fixes'
import { addedConstraint, alterActions, constraintsOf, shown, tableName } from '../syntax'

export const foreignKeyNotValidMissing: LintRule = {
  code: 'foreign-key-not-valid-missing',
  check(context) {
    return alterActions(context.statement).flatMap((action) => {
      const { table, span, command } = action
      if (!isOldTable(context, table)) return []
      const constraint = addedConstraint(action)
      const isValidated = constraint?.contype === 'CONSTR_FOREIGN' && constraint.skip_validation !== true
      if (!isValidated && !validatesNewColumn(command.def)) return []
      const referenced = constraint === null ? '' : ` and ${shown(tableName(constraint.pktable))}`
      return [
        {
          severity: lockSeverity(context, table),
          message: `Nobody can write to ${shown(table)}${sizeOf(context, table)}${referenced} while every row is held against the other table (SHARE ROW EXCLUSIVE lock).`,
          advice: 'Add it as NOT VALID, and VALIDATE CONSTRAINT in the next migration.',
          span,
          fix: constraint === null ? null : notValidFix(context, { table, name: constraint.conname, end: span.end }),
        },
      ]
    })
  },
}

/** A column that is added with `REFERENCES` is validated only where its rows get a value. */
function validatesNewColumn(definition: Parameters<typeof isColumn>[0]): boolean {
  if (!isColumn(definition)) return false
  const kinds = constraintsOf(definition.ColumnDef).map(({ contype }) => contype)
  return kinds.includes('CONSTR_FOREIGN') && kinds.includes('CONSTR_DEFAULT')
}

type Definition = NonNullable<ReturnType<typeof alterActions>[number]['command']['def']>

function isColumn(definition: Definition | undefined): definition is Extract<Definition, { ColumnDef: unknown }> {
  return definition !== undefined && 'ColumnDef' in definition
}
