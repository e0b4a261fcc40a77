import { cutName, quoteIdentifier } from '../../database/quote'
import type { Constraint } from 'libpg-query'
import { isOldTable, lockSeverity, sizeOf, type LintContext, type LintRule } from '../context'
import { replacement } from '../fixes'
import type { LintFix } from '../model'
import type { AlterAction } from '../script'
import { addedConstraint, alterActions, constraintsOf, shown, strings } from '../syntax'
import { phrase } from '../../text/phrase'

export const constraintBuildsIndex: LintRule = {
  code: 'constraint-builds-index',
  check(context) {
    return alterActions(context.statement).flatMap((action) => {
      const constraint = builtConstraint(action)
      const { table, span } = action
      if (constraint === null || !isOldTable(context, table)) return []
      return [
        {
          severity: lockSeverity(context, table),
          message: phrase`Blocks reads and writes of ${shown(table)}${sizeOf(context, table)} while the constraint's index is built (ACCESS EXCLUSIVE lock).`,
          advice: phrase`Create a unique index CONCURRENTLY first, then add the constraint USING INDEX.`,
          span,
          fix: action.alone ? fix(context, action, constraint) : null,
        },
      ]
    })
  },
}

function builtConstraint(action: AlterAction): Constraint | null {
  const { def } = action.command
  const inColumn = def !== undefined && 'ColumnDef' in def ? constraintsOf(def.ColumnDef) : []
  const candidates = [addedConstraint(action), ...inColumn]
  return (
    candidates.find(
      (constraint) =>
        (constraint?.contype === 'CONSTR_UNIQUE' || constraint?.contype === 'CONSTR_PRIMARY') &&
        constraint.indexname === undefined,
    ) ?? null
  )
}

function fix(context: LintContext, { table }: AlterAction, constraint: Constraint): LintFix | null {
  const columns = strings(constraint.keys)
  if (context.transaction !== null || context.options.runner === 'prisma' || columns.length === 0) return null
  const isPlain =
    constraint.including === undefined && constraint.deferrable !== true && constraint.nulls_not_distinct !== true
  // A primary key makes its columns NOT NULL, which reads every row: not equivalent to using an index.
  if (!isPlain || constraint.contype !== 'CONSTR_UNIQUE') return null
  const name = quoteIdentifier(constraint.conname ?? cutName(`${table.name}_${columns.join('_')}_key`))
  return replacement(context, phrase`Create the index CONCURRENTLY first`, [
    `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${shown(table)} (${columns.map(quoteIdentifier).join(', ')})`,
    `ALTER TABLE ${shown(table)} ADD CONSTRAINT ${name} UNIQUE USING INDEX ${name}`,
  ])
}
