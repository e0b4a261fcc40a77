import { quoteIdentifier, quoteLiteral } from '../../../database/quote'
import type { ColumnPlace } from '../audit-target'
import { tableName } from '../sql'
import type { Check } from '../../../verification/model'

type Named = Pick<ColumnPlace, 'schema' | 'table' | 'column'>

/** Every row has an owner. */
export function ownersCheck(target: Named): Check {
  return withoutOne(target, [])
}

/**
 * Every row that was there before the column has an owner. Where the column may be empty, the application can insert rows
 * without one from the moment the column exists: those are none of the run's. A row that the fill has passed over was
 * written by an older transaction than the column.
 */
export function filledRowsCheck(target: Named): Check {
  const table = quoteLiteral(tableName(target))
  return withoutOne(target, [
    'AND pg_catalog.age(xmin) OPERATOR(pg_catalog.>=) (',
    '  SELECT pg_catalog.age(xmin) FROM pg_catalog.pg_attribute',
    `  WHERE attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${table}) AND attname = ${quoteLiteral(target.column)}`,
    ')',
  ])
}

function withoutOne(target: Named, further: readonly string[]): Check {
  const where = [`WHERE ${quoteIdentifier(target.column)} IS NULL`, ...further].join('\n  ')
  return {
    title: `Every row of ${target.table} has a value in ${target.column}`,
    sql: `SELECT pg_catalog.concat(pg_catalog.count(*), ' without one') AS "found"\nFROM ${tableName(target)}\n${where}`,
    expected: '0 without one',
    mode: 'read',
  }
}
