import { quoteLiteral } from '../../../database/quote'
import type { ColumnPlace, TimestampTarget } from '../audit-target'
import { notNullCheckName } from '../names'
import { fillingDefaultInCatalog } from '../filling-default'
import { tableName } from '../sql'
import type { Check } from '../../../verification/model'

/** The column exists, with the right type, precision and nullability. */
export function columnCheck(target: ColumnPlace, what: 'type only' | 'type and nullability'): Check {
  const withNullability = what === 'type and nullability'
  const catalogType = target.type?.catalog ?? ''
  // PostgreSQL's default precision is six digits.
  const isWhole = /^time\w*\(6\)/.test(catalogType)
  const type = isWhole ? catalogType.replace('(6)', '') : catalogType
  const spelled = 'pg_catalog.format_type(atttypid, atttypmod)'
  // A user-defined type is printed with or without its schema, depending on the search path: it is compared by name.
  const found =
    target.type?.dataType === null
      ? `CASE WHEN atttypid OPERATOR(pg_catalog.=) pg_catalog.to_regtype(${quoteLiteral(target.type.sql)}) THEN ${quoteLiteral(type)} ELSE ${spelled} END`
      : spelled
  const nullability = target.nullable ? 'null' : 'not null'
  const suffix = withNullability ? ` || CASE WHEN attnotnull THEN ' not null' ELSE ' null' END` : ''
  return {
    title: `${target.table}.${target.column} has the expected type`,
    sql: [
      'SELECT coalesce((',
      `  SELECT ${isWhole ? `pg_catalog.replace(${found}, '(6)', '')` : found}${suffix}`,
      '  FROM pg_catalog.pg_attribute',
      `  WHERE attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(tableName(target))})`,
      `    AND attname = ${quoteLiteral(target.column)} AND NOT attisdropped`,
      `), 'no such column') AS "found"`,
    ].join('\n'),
    // Without a users' table nobody knows it yet.
    ...(target.type === null
      ? { expected: 'the type of the user key' }
      : { expected: withNullability ? `${type} ${nullability}` : type }),
    mode: 'read',
  }
}

/** The default for filling was replaced by the schema's. */
export function columnDefaultCheck(target: TimestampTarget): Check {
  const filling = fillingDefaultInCatalog(target).map(quoteLiteral).join(', ')
  return {
    title: `${target.table}.${target.column} has the default of the schema`,
    sql: [
      'SELECT coalesce((',
      `  SELECT CASE WHEN d.adbin IS NULL THEN 'no default'`,
      `    WHEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) IN (${filling}) THEN 'the default for existing rows'`,
      `    ELSE 'the default for new rows' END`,
      '  FROM pg_catalog.pg_attribute AS a LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum',
      `  WHERE a.attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(tableName(target))})`,
      `    AND a.attname = ${quoteLiteral(target.column)} AND NOT a.attisdropped`,
      `), 'no such column') AS "found"`,
    ].join('\n'),
    expected: target.lastingDefault === null ? 'no default' : 'the default for new rows',
    mode: 'read',
  }
}

/** The temporary CHECK for NOT NULL; if the column is already NOT NULL, it is no longer needed. */
export function checkConstraintCheck(target: ColumnPlace, wanted: 'exists' | 'validated'): Check {
  const name = notNullCheckName(target.partitionOf ?? target.table, target.column)
  const found = wanted === 'exists' ? `'exists'` : `CASE WHEN c.convalidated THEN 'validated' ELSE 'not validated' END`
  return {
    title: `${target.table}.${target.column} rejects NULL`,
    sql: [
      'SELECT coalesce((',
      `  SELECT CASE WHEN a.attnotnull THEN '${wanted}' WHEN c.oid IS NOT NULL THEN ${found} END`,
      '  FROM pg_catalog.pg_attribute AS a LEFT JOIN pg_catalog.pg_constraint AS c',
      `    ON c.conrelid = a.attrelid AND c.conname = ${quoteLiteral(name)}`,
      `  WHERE a.attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(tableName(target))})`,
      `    AND a.attname = ${quoteLiteral(target.column)} AND NOT a.attisdropped`,
      `), 'missing') AS "found"`,
    ].join('\n'),
    expected: wanted,
    mode: 'read',
  }
}
