import type { Constraint } from 'libpg-query'
import { catalogTable, isOldTable, lockSeverity, sizeOf, type LintContext, type LintRule } from '../context'
import { notValidFix } from '../fixes'
import type { AlterAction } from '../script'
import { addedConstraint, alterActions, constraintsOf, shown, strings, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

export const foreignKeyNotValidMissing: LintRule = {
  code: 'foreign-key-not-valid-missing',
  check(context) {
    return alterActions(context.statement).flatMap((action) => {
      const { table, span, command } = action
      if (!isOldTable(context, table)) return []
      const constraint = addedConstraint(action)
      const isValidated = constraint?.contype === 'CONSTR_FOREIGN' && constraint.skip_validation !== true
      if (!isValidated && !validatesNewColumn(command.def)) return []
      if (constraint !== null && isTakenOver(context, action, constraint)) return []
      const isPartitioned = catalogTable(context, table)?.kind === 'partitioned table'
      const referenced = constraint === null ? '' : phrase` and ${shown(tableName(constraint.pktable))}`
      return [
        {
          severity: lockSeverity(context, table),
          message: phrase`Blocks writes to ${shown(table)}${sizeOf(context, table)}${referenced} while every row is checked (SHARE ROW EXCLUSIVE lock).`,
          advice: isPartitioned
            ? phrase`Add it to each partition as NOT VALID and validate it there; the partitioned table then attaches those without a scan.`
            : phrase`Add it as NOT VALID, and run VALIDATE CONSTRAINT in the next migration.`,
          span,
          fix:
            constraint === null || isPartitioned
              ? null
              : notValidFix(context, { table, name: constraint.conname, end: span.end }),
        },
      ]
    })
  },
}

/** The partitions have validated foreign keys, so no rows are read. */
function isTakenOver({ state, options }: LintContext, { table }: AlterAction, constraint: Constraint): boolean {
  if (state.provenKeys.has(state.keyText(constraint))) return true
  const referenced = state.key(tableName(constraint.pktable))
  const partitions = (options.database?.tables ?? []).filter(({ kind }) => kind === 'partition')
  const isPartitioned = catalogTable({ options }, table)?.kind === 'partitioned table'
  return (
    isPartitioned &&
    partitions.some(({ foreignKeys }) =>
      foreignKeys.some(
        (key) =>
          key.validated &&
          key.columns.join() === strings(constraint.fk_attrs).join() &&
          state.key({ schema: key.referencedSchema, name: key.referencedTable }) === referenced,
      ),
    )
  )
}

/** A column added with `REFERENCES` is validated only if its rows get a value. */
function validatesNewColumn(definition: Parameters<typeof isColumn>[0]): boolean {
  if (!isColumn(definition)) return false
  const kinds = constraintsOf(definition.ColumnDef).map(({ contype }) => contype)
  return kinds.includes('CONSTR_FOREIGN') && kinds.includes('CONSTR_DEFAULT')
}

type Definition = NonNullable<ReturnType<typeof alterActions>[number]['command']['def']>

function isColumn(definition: Definition | undefined): definition is Extract<Definition, { ColumnDef: unknown }> {
  return definition !== undefined && 'ColumnDef' in definition
}
