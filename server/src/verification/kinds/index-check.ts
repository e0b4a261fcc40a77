import { quoteLiteral, quoteQualified } from '../../database/quote'
import type { AuditTarget } from '../../migration/plan/audit-target'
import { tableName } from '../../migration/plan/sql'
import type { Check } from '../model'

/** The index is there, on the right table, and not what a broken build left behind. */
export function indexCheck(target: AuditTarget, name: string): Check {
  return {
    title: `The index ${name} is valid`,
    sql: [
      'SELECT coalesce((',
      `  SELECT CASE WHEN indisvalid THEN 'valid' ELSE 'invalid' END`,
      '  FROM pg_index',
      `  WHERE indexrelid = to_regclass(${quoteLiteral(quoteQualified(target.schema, name))})`,
      `    AND indrelid = to_regclass(${quoteLiteral(tableName(target))})`,
      `), 'missing') AS "found"`,
    ].join('\n'),
    expected: 'valid',
    mode: 'read',
  }
}
