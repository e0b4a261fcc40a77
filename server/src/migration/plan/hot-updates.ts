import { phrase, type Phrase } from '../../text/phrase'
import { timestampKind } from '../../audit-fields/kinds'
import { firstOf } from '../../text/bounded-list'
import type { AuditTarget } from './audit-target'
import { titleOfColumn } from './titles'

/** The cost of an index on a column that each UPDATE changes, for the plan; one sentence per field. */
export function hotUpdateRemarks(targets: readonly AuditTarget[]): Phrase[] {
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
    return phrase`Every UPDATE changes ${firstOf(tables.map(titleOfColumn))}. Because it is indexed, no UPDATE can be a HOT update: each writes to every index of the table. Set "index": false under fields.${field} in the policy to avoid that.`
  })
}
