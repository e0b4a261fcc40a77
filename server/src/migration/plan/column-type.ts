import { baseOf } from '../../audit/unfit-user-columns'
import type { Column } from '../../database/model'
import { quoteQualified } from '../../database/quote'
import { startOfTrailing } from '../../text/trailing'
import type { ColumnType } from './audit-target'

/** The type of an existing column, for another of exactly the same type. */
export function typeOfColumn(column: Column): ColumnType {
  const isOwn = column.typeSchema === 'pg_catalog'
  const base = column.base ?? column
  const hasOperators = base.typeSchema !== 'pg_catalog' && base.typeKind === 'b' && !column.isArray
  return {
    // A user-defined type may be outside the search path of the session that runs the SQL.
    sql: isOwn
      ? column.type
      : `${quoteQualified(column.typeSchema, column.typeName)}${column.type.slice(startOfTrailing(column.type, '[]'))}`,
    catalog: column.type,
    ...(hasOperators ? { operatorSchema: base.typeSchema } : {}),
    // information_schema omits the modifiers.
    dataType: isOwn ? column.type.replace(/\(\d+(,\d+)?\)/, '') : null,
  }
}

/**
 * The type of a column that references this one. For a domain it is the base type: the domain's constraints would make
 * PostgreSQL rewrite the table for the new column, and reject it if the domain is NOT NULL.
 */
export function typeOfReferences(column: Column): ColumnType {
  return typeOfColumn({ ...column, ...baseOf(column) })
}
