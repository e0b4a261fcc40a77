import { quoteIdentifier } from '../../database/quote'
import { catalogTable, hasNoRows, isOldTable, type LintContext, type LintRule } from '../context'
import type { Span } from '../span'
import type { TableName } from '../script'
import { addedConstraint, alterActions, shown, strings, tableName } from '../syntax'
import { phrase } from '../../text/phrase'

export const uniqueMayFail: LintRule = {
  code: 'unique-may-fail',
  check(context) {
    return uniqueKeys(context).flatMap(({ table, columns, isPartial, span }) => {
      if (!isOldTable(context, table) || hasNoRows(context, table)) return []
      if (columns.some((column) => hasDistinctValues(context, table, column)) || holdsKey(context, table, columns))
        return []
      const named = columns.map(quoteIdentifier).join(', ')
      return [
        {
          severity: 'information',
          message: phrase`Fails if two rows of ${shown(table)}${isPartial ? phrase` that match its condition` : ''} have the same ${columns.length === 0 ? phrase`value` : named}.`,
          advice:
            columns.length === 0 || isPartial
              ? phrase`Check for duplicates first.`
              : phrase`Check first: SELECT ${named}, count(*) FROM ${shown(table)} GROUP BY ${named} HAVING count(*) > 1.`,
          span,
        },
      ]
    })
  },
}

interface UniqueKey {
  readonly table: TableName
  /** Empty if an expression is indexed. */
  readonly columns: readonly string[]
  /** Whether it has a WHERE. */
  readonly isPartial: boolean
  readonly span: Span
}

function uniqueKeys({ statement }: LintContext): UniqueKey[] {
  const { node } = statement
  if (node !== null && 'IndexStmt' in node) {
    const { unique, relation, indexParams = [], whereClause } = node.IndexStmt
    if (unique !== true) return []
    const columns = indexParams.flatMap((part) => ('IndexElem' in part ? (part.IndexElem.name ?? []) : []))
    const isPlain = columns.length === indexParams.length
    return [
      {
        table: tableName(relation),
        columns: isPlain ? columns : [],
        isPartial: whereClause !== undefined,
        span: statement,
      },
    ]
  }
  return alterActions(statement).flatMap((action) => {
    const constraint = addedConstraint(action)
    if (constraint?.indexname !== undefined) return []
    if (constraint?.contype !== 'CONSTR_UNIQUE' && constraint?.contype !== 'CONSTR_PRIMARY') return []
    return [{ table: action.table, columns: strings(constraint.keys), isPartial: false, span: action.span }]
  })
}

/** Columns that contain a key are already unique. If the table is unknown, `id` is assumed to be its key. */
function holdsKey(context: LintContext, table: TableName, columns: readonly string[]): boolean {
  const known = catalogTable(context, table)
  if (known === null) return columns.includes('id')
  const keys = [known.primaryKey, ...known.uniqueConstraints].flatMap((key) => (key === null ? [] : [key.columns]))
  return keys.some((key) => key.every((column) => columns.includes(column)))
}

/**
 * A column that this script added without a default is NULL in every row, and NULLs are not equal; nor are two new
 * UUIDs.
 */
function hasDistinctValues({ state }: LintContext, table: TableName, column: string): boolean {
  return state.addedColumns.get(`${state.key(table)}.${column}`)?.mayRepeat === false
}
