import { cutName, quoteIdentifier } from '../../database/quote'
import { catalogTable, findColumn, isOldTable, lockSeverity, sizeOf, type LintContext, type LintRule } from '../context'
import { replacement } from '../fixes'
import type { LintFix } from '../model'
import type { AlterAction } from '../script'
import { addedConstraint, alterActions, shown, strings } from '../syntax'
import { phrase } from '../../text/phrase'

export const notNullScan: LintRule = {
  code: 'not-null-scan',
  check(context) {
    return alterActions(context.statement).flatMap((action) => {
      const { table, span } = action
      const column = columnOf(action)
      if (column === null || !isOldTable(context, table) || isKnownNotNull(context, action, column)) return []
      return [
        {
          severity: lockSeverity(context, table),
          message: phrase`Blocks reads and writes of ${shown(table)}${sizeOf(context, table)} while every row is checked for NULL (ACCESS EXCLUSIVE lock); fails if there is one.`,
          advice: phrase`First add CHECK (${quoteIdentifier(column)} IS NOT NULL) NOT VALID and validate it; SET NOT NULL then skips the scan, and the CHECK can be dropped.`,
          span,
          fix: action.alone ? fix(context, action, column) : null,
        },
      ]
    })
  },
}

function columnOf(action: AlterAction): string | null {
  const { subtype, name } = action.command
  if (subtype === 'AT_SetNotNull') return name ?? null
  const constraint = addedConstraint(action)
  if (constraint?.contype !== 'CONSTR_NOTNULL' || constraint.skip_validation === true) return null
  return strings(constraint.keys)[0] ?? null
}

function isKnownNotNull(context: LintContext, { table }: AlterAction, column: string): boolean {
  const key = context.state.key(table)
  if (context.state.neverNull.has(`${key}.${column}`)) return true
  if (findColumn(context, table, column)?.isNullable === false) return true
  const proof = [column, quoteIdentifier(column)].map((name) => `CHECK ((${name} IS NOT NULL))`)
  const checks = catalogTable(context, table)?.checks ?? []
  return checks.some(({ definition, validated }) => validated && proof.includes(definition))
}

/** Only if the statements run separately: in one transaction the lock of the first would last to the end. */
function fix(context: LintContext, { table }: AlterAction, column: string): LintFix | null {
  if (context.transaction !== null || context.options.runner === 'prisma') return null
  const alter = `ALTER TABLE ${shown(table)}`
  const constraint = quoteIdentifier(cutName(`${table.name}_${column}_not_null`))
  return replacement(context, phrase`Validate a CHECK constraint first`, [
    `${alter} ADD CONSTRAINT ${constraint} CHECK (${quoteIdentifier(column)} IS NOT NULL) NOT VALID`,
    `${alter} VALIDATE CONSTRAINT ${constraint}`,
    `${alter} ALTER COLUMN ${quoteIdentifier(column)} SET NOT NULL`,
    `${alter} DROP CONSTRAINT ${constraint}`,
  ])
}
