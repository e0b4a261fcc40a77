import { createdAt } from '../../audit-fields/created-at'
import { quoteIdentifier } from '../../database/quote'
import type { ExistingRows } from '../model'
import type { AuditTarget, TimestampTarget, UserKey, UserReferenceTarget } from './audit-target'
import { needsValues } from './needs-values'
import { tableName } from './sql'
import { oldestUser } from './steps/populate'
import { phrase } from '../../text/phrase'

/** The values that existing rows get in each added or filled column, for the person who confirms the plan. */
export function existingRowsOf(targets: readonly AuditTarget[]): ExistingRows[] {
  return targets.flatMap((target) => {
    const { databaseTable, databaseColumn, column } = target
    const given = target.shape === 'timestamp' ? timesGiven(target) : ownersGiven(target)
    if (databaseTable === null || databaseTable.isNew === true || given === null) return []
    const { estimatedRows } = databaseTable
    return [
      {
        table: tableName(target),
        column: quoteIdentifier(column),
        isNew: databaseColumn === null,
        estimatedRows,
        ...given,
      },
    ]
  })
}

type Given = Pick<ExistingRows, 'value' | 'user' | 'advice'>

function timesGiven({
  createdAt: since,
  databaseColumn,
  field,
  isFilledByDefault,
  populate,
}: TimestampTarget): Given | null {
  if (databaseColumn !== null) return null
  if (populate !== null) {
    const value = populate.column === null ? (populate.sql ?? '') : phrase`their ${quoteIdentifier(populate.column)}`
    return { value, user: null, advice: null }
  }
  if (!isFilledByDefault) {
    const choice = phrase`Set "populate" under fields.${field} in the policy to an SQL expression to set a time.`
    return { value: 'NULL', user: null, advice: choice }
  }
  const advice =
    since === null
      ? phrase`Set "populate" under fields.${field} in the policy to an SQL expression to use another time.`
      : phrase`Set "populate": "${createdAt.name}" under fields.${field} in the policy to use ${quoteIdentifier(since)} instead.`
  return { value: phrase`the time of the migration`, user: null, advice }
}

function ownersGiven(target: UserReferenceTarget): Given | null {
  const { populate } = target
  if (populate === null || !needsValues(target)) return null
  if (populate.kind === 'sql') return { value: populate.sql, user: null, advice: null }
  const { from, user } = populate
  // A precondition rejects the run if there are rows.
  if (user.isNew === true) return null
  if (from === null) return { value: null, user: userQuery(user), advice: null }
  const others = from.others.map(quoteIdentifier)
  return {
    value: phrase`their ${quoteIdentifier(from.column)}`,
    user: from.isCertain ? null : userQuery(user),
    advice:
      others.length === 0
        ? phrase`Set "populate" under fields.${target.field} in the policy to an SQL expression to use another column or user.`
        : phrase`Set "populate" under fields.${target.field} in the policy to an SQL expression to use another column (${others}) or user.`,
  }
}

/** Returns one row, `key text` and `label text`: the first user and their name. Without casts, as in `textOf`. */
function userQuery(user: UserKey): string {
  const labels = user.labels.map((name) => quoteIdentifier(name))
  const label = labels.length === 0 ? 'NULL::pg_catalog.text' : `pg_catalog.concat_ws(', ', ${labels.join(', ')})`
  return oldestUser(user, `pg_catalog.format('%s', ${quoteIdentifier(user.column)}) AS "key", ${label} AS "label"`)
}
