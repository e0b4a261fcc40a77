import { timestampKind } from '../../audit-fields/kinds'
import { quoteIdentifier } from '../../database/quote'
import type { AuditTarget } from './audit-target'
import { tableName } from './sql'

/** What an index costs on a column that each UPDATE changes, for the plan; a sentence a field. */
export function hotUpdateRemarks(targets: readonly AuditTarget[]): string[] {
  const indexed = targets.filter(
    (target) =>
      target.shape === 'timestamp' &&
      timestampKind(target.field).triggerName !== null &&
      target.databaseTable !== null &&
      target.index?.exists === false,
  )
  const fields = [...new Set(indexed.map(({ field }) => field))]
  return fields.map((field) => {
    const tables = indexed.filter((target) => target.field === field)
    const named = tables.slice(0, MOST).map((target) => `${quoteIdentifier(target.column)} of ${tableName(target)}`)
    const more = tables.length > MOST ? [`${tables.length - MOST} more tables`] : []
    return (
      `Every UPDATE changes ${[...named, ...more].join(', ')}. With an index on it, no UPDATE can be a HOT update: each ` +
      `writes to every index of the table. Set "index": false under fields.${field} in the policy to avoid that.`
    )
  })
}

/** So many are named. */
const MOST = 5
