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
 * Every row that existed before the column has an owner. If the column is nullable, the application can insert rows
 * without one as soon as the column exists, which is not the run's concern. A row that the fill skipped was written by
 * an older transaction than the one that added the column; a later ALTER hides that transaction in the catalog, but the
 * run's journal records it.
 */
export function filledRowsCheck(target: Named): Check {
  const table = quoteLiteral(tableName(target))
  const column = `attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${table}) AND attname = ${quoteLiteral(target.column)}`
  const ofCatalog = `SELECT pg_catalog.age(xmin) AS age FROM pg_catalog.pg_attribute WHERE ${column}`
  const ofJournal = [
    'SELECT pg_catalog.age(i.xmin) FROM prisma_audit.identity AS i JOIN pg_catalog.pg_attribute',
    '      ON attrelid OPERATOR(pg_catalog.=) i.relation AND attnum OPERATOR(pg_catalog.=) i.number',
    `    WHERE ${column}`,
  ].join('\n')
  const olderThan = (...ages: readonly string[]) =>
    withoutOne(target, [
      'AND pg_catalog.age(xmin) OPERATOR(pg_catalog.>=) (',
      '  SELECT pg_catalog.max(age) FROM (',
      `    ${ages.join('\n    UNION ALL\n    ')}`,
      '  ) AS made',
      ')',
    ])
  return { ...olderThan(ofCatalog), sqlWithJournal: olderThan(ofCatalog, ofJournal).sql }
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
