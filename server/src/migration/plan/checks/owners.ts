import { quoteIdentifier } from '../../../database/quote'
import type { ColumnPlace } from '../audit-target'
import { tableName } from '../sql'
import type { Check } from '../../../verification/model'

/** Every row has an owner. */
export function ownersCheck(target: ColumnPlace): Check {
  return {
    title: `Every row of ${target.table} has a value in ${target.column}`,
    sql: `SELECT pg_catalog.concat(pg_catalog.count(*), ' without one') AS "found"\nFROM ${tableName(target)}\nWHERE ${quoteIdentifier(target.column)} IS NULL`,
    expected: '0 without one',
    mode: 'read',
  }
}
