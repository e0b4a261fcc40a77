import { quoteIdentifier, quoteLiteral } from '../../database/quote'
import type { UserReferenceTarget } from '../../migration/plan/audit-target'
import { tableName } from '../../migration/plan/sql'
import type { Check } from '../model'

/** A foreign key on exactly the column refers to exactly the user's key, under whatever name, and holds for every row. */
export function foreignKeyCheck(target: UserReferenceTarget, wanted: 'exists' | 'validated'): Check {
  const found =
    wanted === 'exists' ? `'exists'` : `CASE WHEN bool_or(c.convalidated) THEN 'validated' ELSE 'not validated' END`
  return {
    title:
      wanted === 'exists'
        ? `${target.table}.${target.column} refers to ${target.user.table}`
        : `${target.table}.${target.column} refers to ${target.user.table}, proven for every row`,
    sql: [
      'SELECT coalesce((',
      `  SELECT ${found}`,
      '  FROM pg_constraint AS c',
      '  JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]',
      '  JOIN pg_attribute AS r ON r.attrelid = c.confrelid AND c.confkey = ARRAY[r.attnum]',
      `  WHERE c.contype = 'f' AND c.conrelid = to_regclass(${quoteLiteral(tableName(target))})`,
      `    AND c.confrelid = to_regclass(${quoteLiteral(tableName(target.user))})`,
      `    AND a.attname = ${quoteLiteral(target.column)} AND r.attname = ${quoteLiteral(target.user.column)}`,
      '  HAVING count(*) > 0',
      `), 'missing') AS "found"`,
    ].join('\n'),
    expected: wanted,
    mode: 'read',
  }
}

/** No value of the column names a user who is not there. */
export function orphansCheck(target: UserReferenceTarget): Check {
  return {
    title: `Every ${target.table}.${target.column} names a user who is there`,
    sql: [
      `SELECT count(*) || ' without a user' AS "found"`,
      `FROM ${tableName(target)} AS t`,
      `WHERE t.${quoteIdentifier(target.column)} IS NOT NULL AND NOT EXISTS (`,
      `  SELECT FROM ${tableName(target.user)} AS u WHERE u.${quoteIdentifier(target.user.column)} = t.${quoteIdentifier(target.column)}`,
      ')',
    ].join('\n'),
    expected: '0 without a user',
    mode: 'read',
  }
}
