import { quoteLiteral } from '../../../database/quote'
import type { ColumnPlace, TimestampTarget } from '../audit-target'
import { notNullCheckName } from '../names'
import { fillingDefaultInCatalog } from '../filling-default'
import { tableName } from '../sql'
import type { Check } from '../../../verification/model'

/** The column is there, of the right type with its precision, and as nullable as it is meant to be. */
export function columnCheck(target: ColumnPlace, what: 'type only' | 'type and nullability'): Check {
  const withNullability = what === 'type and nullability'
  const catalogType = target.type?.catalog ?? 'of the type of the user key'
  // Six digits are what PostgreSQL keeps of a time anyway, said or not.
  const isWhole = /^time\w*\(6\)/.test(catalogType)
  const type = isWhole ? catalogType.replace('(6)', '') : catalogType
  const spelled = 'pg_catalog.format_type(atttypid, atttypmod)'
  // A type of one's own is spelled with its schema or without, by the path of whoever asks: it is known by its name.
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
    expected: withNullability ? `${type} ${nullability}` : type,
    mode: 'read',
  }
}

/** The default that filled the rows has given way to what the schema says. */
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

/** The CHECK that stands for NOT NULL for a while; where the column is NOT NULL already, it has served. */
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
