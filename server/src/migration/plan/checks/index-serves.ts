import { quoteLiteral, quoteQualified } from '../../../database/quote'
import type { Check } from '../../../verification/model'

/** The index of that name is the intended one: on this column only, and for all rows. */
export function indexServesCheck(
  { schema, column }: { readonly schema: string; readonly column: string },
  name: string,
): Check {
  return {
    title: `The index ${name} is on ${column}`,
    sql: [
      'SELECT coalesce((',
      `  SELECT CASE WHEN i.indpred IS NULL AND i.indnkeyatts = 1 AND a.attname = ${quoteLiteral(column)}`,
      `    THEN 'on the column' ELSE pg_catalog.pg_get_indexdef(i.indexrelid) END`,
      '  FROM pg_catalog.pg_index AS i LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]',
      `  WHERE i.indexrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(quoteQualified(schema, name))})`,
      `), 'missing') AS "found"`,
    ].join('\n'),
    expected: 'on the column',
    mode: 'read',
  }
}
