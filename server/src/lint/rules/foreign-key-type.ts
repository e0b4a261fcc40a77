import { quoteIdentifier } from '../../database/quote'
import { knownColumn, shownType, type ColumnType } from '../column-types'
import { findColumn, type LintContext, type LintRule } from '../context'
import type { Constraint } from 'libpg-query'
import type { TableName } from '../script'
import {
  addedConstraint,
  alterActions,
  constraintNodes,
  constraintsOf,
  shown,
  spanOf,
  strings,
  tableName,
  writtenColumns,
} from '../syntax'
import type { Span } from '../span'
import { phrase } from '../../text/phrase'

export const foreignKeyType: LintRule = {
  code: 'foreign-key-type',
  check(context) {
    return foreignKeys(context).flatMap(({ table, columns, referenced, referencedColumns, span }) =>
      columns.flatMap((column, index) => {
        const other = referencedColumns[index]
        if (other === undefined) return []
        const from = typeOf(context, table, column)
        const to = typeOf(context, referenced, other)
        if (from === null || to === null) return []
        const verdict = compare(from, to)
        if (verdict === null) return []
        const difference = phrase`${quoteIdentifier(column)} of ${shown(table)} is ${shownType(from)}, and ${quoteIdentifier(other)} of ${shown(referenced)} is ${shownType(to)}`
        return [
          {
            severity: verdict === 'refused' ? ('error' as const) : ('information' as const),
            message:
              verdict === 'refused'
                ? phrase`PostgreSQL rejects the foreign key: ${difference}.`
                : phrase`The foreign key compares different types: ${difference}. Some values of one type do not fit the other.`,
            advice: phrase`Use the same type for both columns.`,
            span,
          },
        ]
      }),
    )
  },
}

interface WrittenKey {
  readonly table: TableName
  readonly columns: readonly string[]
  readonly referenced: TableName
  readonly referencedColumns: readonly string[]
  readonly span: Span
}

function foreignKeys({ statement }: LintContext): WrittenKey[] {
  const { node } = statement
  const key = (table: TableName, constraint: Constraint, column: string | null, span: Span): WrittenKey[] =>
    constraint.contype !== 'CONSTR_FOREIGN'
      ? []
      : [
          {
            table,
            columns: column === null ? strings(constraint.fk_attrs) : [column],
            referenced: tableName(constraint.pktable),
            referencedColumns: strings(constraint.pk_attrs),
            span,
          },
        ]
  const inColumns = writtenColumns(statement).flatMap(({ table, column }) =>
    constraintsOf(column).flatMap((constraint) => key(table, constraint, column.colname ?? '', spanOf(statement))),
  )
  const created =
    node !== null && 'CreateStmt' in node
      ? constraintNodes([...(node.CreateStmt.tableElts ?? []), ...(node.CreateStmt.constraints ?? [])]).flatMap(
          (constraint) => key(tableName(node.CreateStmt.relation), constraint, null, spanOf(statement)),
        )
      : []
  const added = alterActions(statement).flatMap((action) => {
    const constraint = addedConstraint(action)
    return constraint === null ? [] : key(action.table, constraint, null, action.span)
  })
  return [...inColumns, ...created, ...added]
}

/** A column that this statement adds is not in the state yet. */
function typeOf(context: LintContext, table: TableName, name: string): ColumnType | null {
  const own = writtenColumns(context.statement).find(
    ({ table: candidate, column }) =>
      column.colname === name && context.state.key(candidate) === context.state.key(table),
  )
  return own === undefined ? (findColumn(context, table, name)?.type ?? null) : knownColumn(own.column).type
}

/** Only known built-in types are compared. */
function compare(from: ColumnType, to: ColumnType): 'refused' | 'differs' | null {
  const left = FAMILIES[from.name]
  const right = FAMILIES[to.name]
  if (left === undefined || right === undefined || from.isArray || to.isArray) return null
  if (left !== right) return 'refused'
  return left === 'number' && from.name !== to.name ? 'differs' : null
}

const FAMILIES: Readonly<Record<string, string>> = {
  int2: 'number',
  int4: 'number',
  int8: 'number',
  numeric: 'number',
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  uuid: 'uuid',
}
