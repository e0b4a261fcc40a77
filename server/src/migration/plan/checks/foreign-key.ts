import { quoteIdentifier, quoteLiteral } from '../../../database/quote'
import type { ForeignKeyPlace, UserKey, UserReferenceTarget } from '../audit-target'
import { operator, tableName } from '../sql'
import type { Check } from '../../../verification/model'

/**
 * A foreign key on exactly the columns references exactly those of the other table, under any name, and is validated.
 */
export function foreignKeyCheck(place: Omit<ForeignKeyPlace, 'name'>, wanted: 'exists' | 'validated'): Check {
  const { columns, referenced, table } = place
  const found =
    wanted === 'exists'
      ? `'exists'`
      : `CASE WHEN pg_catalog.bool_or(c.convalidated) THEN 'validated' ELSE 'not validated' END`
  const label = columns.length === 1 ? `${table}.${columns[0] ?? ''}` : `${table} (${columns.join(', ')})`
  return {
    title:
      wanted === 'exists'
        ? `${label} references ${referenced.table}`
        : `${label} references ${referenced.table}, validated for every row`,
    sql: [
      'SELECT coalesce((',
      `  SELECT ${found}`,
      '  FROM pg_catalog.pg_constraint AS c',
      ...joinsOf(place),
      '  HAVING pg_catalog.count(*) > 0',
      `), 'missing') AS "found"`,
    ].join('\n'),
    expected: wanted,
    mode: 'read',
  }
}

function joinsOf({ schema, table, columns, referenced }: Omit<ForeignKeyPlace, 'name'>): string[] {
  const tables = [
    `  WHERE c.contype = 'f' AND c.conrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(tableName({ schema, table }))})`,
    `    AND c.confrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(tableName(referenced))})`,
  ]
  const [column, referencedColumn] = [columns[0], referenced.columns[0]]
  if (columns.length === 1 && column !== undefined && referencedColumn !== undefined) {
    return [
      '  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]',
      '  JOIN pg_catalog.pg_attribute AS r ON r.attrelid = c.confrelid AND c.confkey = ARRAY[r.attnum]',
      ...tables,
      `    AND a.attname = ${quoteLiteral(column)} AND r.attname = ${quoteLiteral(referencedColumn)}`,
    ]
  }
  const names = (key: string, relation: string) =>
    `    AND (SELECT pg_catalog.array_agg(a.attname::pg_catalog.text ORDER BY k.place) FROM pg_catalog.unnest(c.${key}) WITH ORDINALITY AS k (number, place)` +
    ` JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.${relation} AND a.attnum = k.number)`
  const list = (wanted: readonly string[]) => `ARRAY[${wanted.map(quoteLiteral).join(', ')}]`
  return [
    ...tables,
    `${names('conkey', 'conrelid')} = ${list(columns)}`,
    `${names('confkey', 'confrelid')} = ${list(referenced.columns)}`,
  ]
}

/** Every value of the column is an existing user. */
export function orphansCheck(target: UserReferenceTarget, user: UserKey): Check {
  return {
    title: `Every ${target.table}.${target.column} references an existing user`,
    sql: [
      `SELECT pg_catalog.concat(pg_catalog.count(*), ' without a user') AS "found"`,
      `FROM ${tableName(target)} AS t`,
      `WHERE t.${quoteIdentifier(target.column)} IS NOT NULL AND NOT EXISTS (`,
      `  SELECT FROM ${tableName(user)} AS u WHERE u.${quoteIdentifier(user.column)} ${operator('=', target.type)} t.${quoteIdentifier(target.column)}`,
      ')',
    ].join('\n'),
    expected: '0 without a user',
    mode: 'read',
  }
}
