import { quoteLiteral, quoteQualified } from '../../../database/quote'
import { tableName } from '../sql'
import type { Check } from '../../../verification/model'

/** The index exists, on the right table, and is valid. */
export function indexCheck(
  target: { readonly schema: string; readonly table: string },
  name: string,
  wanted: 'valid' | 'exists' = 'valid',
): Check {
  return {
    title: wanted === 'valid' ? `The index ${name} is valid` : `The index ${name} exists`,
    sql: [
      'SELECT coalesce((',
      wanted === 'valid' ? `  SELECT CASE WHEN indisvalid THEN 'valid' ELSE 'invalid' END` : `  SELECT 'exists'`,
      '  FROM pg_catalog.pg_index',
      `  WHERE indexrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(quoteQualified(target.schema, name))})`,
      `    AND indrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(tableName(target))})`,
      `), 'missing') AS "found"`,
    ].join('\n'),
    expected: wanted,
    mode: 'read',
  }
}
