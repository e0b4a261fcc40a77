import { isTimestampField, kindOf, type AuditField, type TimestampField } from '../audit-fields/kinds'
import { isTimestampType } from '../audit-fields/timestamp-type'
import type { ExpectedColumn } from '../expected/model'
import { findField } from '../schema/lookup'
import { fixedPhrase, phrase, type Phrase } from '../text/phrase'
import type { AuditColumn, UnfitColumn } from './audit-column'
import { whyNotOfUsers, type ReferencedKey } from './unfit-user-columns'
import { quoteName } from './values/names'

/**
 * Why a column that has the name of an audit field cannot be it; null if it can. The findings and the plan both ask
 * this, so that neither offers what the other refuses. `user` is the key that references to users use; null if unclear.
 */
export function whyColumnUnfit(
  auditField: AuditField,
  place: AuditColumn,
  user: ReferencedKey | null,
): UnfitColumn | null {
  return isTimestampField(auditField) ? whyNoTimestamp(auditField, place) : whyNotOfUsers(auditField, place, user)
}

/** No quick fix changes the type of existing values. */
function whyNoTimestamp(auditField: TimestampField, place: AuditColumn): UnfitColumn | null {
  const { column, databaseColumn, expected, schemaColumn } = place
  const code = 'not-a-timestamp'
  if (schemaColumn !== null && !mayBeTimestamp(schemaColumn)) {
    const type = findField(expected.block, schemaColumn.field)?.type.name ?? ''
    const reason = wrongType(auditField, `${expected.model}.${schemaColumn.field}`, type)
    return { code, in: 'schema', type, reason, isDrift: false }
  }
  if (databaseColumn === null) return null
  const { type, generated } = databaseColumn
  const what = phrase`The column ${quoteName(column)} on ${expected.model}`
  if (!isTimestampType(type)) {
    const reason = wrongType(auditField, what, type)
    return { code, in: 'database', type, reason, isDrift: schemaColumn !== null }
  }
  if (generated === null) return null
  const reason = phrase`${what} is a generated column: PostgreSQL computes it, so no write and no trigger sets it. Set another "column" under fields.${auditField} in the policy.`
  return { code, in: 'database', type, reason, isDrift: false }
}

/** The type of an incomplete field is unknown. */
function mayBeTimestamp({ type, isList }: ExpectedColumn): boolean {
  return type.kind === 'unknown' || (!isList && type.kind === 'scalar' && isTimestampType(type.text))
}

function wrongType(auditField: TimestampField, what: string | Phrase, type: string): Phrase {
  const { meaning } = kindOf(auditField)
  return phrase`${what} is ${type}, so it cannot be the ${auditField} that the policy requires (${fixedPhrase(meaning)}). Change its type to DateTime, or set another "column" under fields.${auditField} in the policy.`
}
