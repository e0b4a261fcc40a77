import type { Populate, TimestampPolicy, UserPolicy } from './kind'
import { isTimestampField, timestampKind, type AuditField, type TimestampField, type UserField } from './kinds'
import type { Policy } from './policy'

/** What a policy says of a field, in one form for all kinds of its shape; what a kind has no setting for is left out. */
export function timestampPolicy(field: TimestampField, policy: Policy): TimestampPolicy {
  return policy.fields[field]
}

export function userPolicy(field: UserField, policy: Policy): UserPolicy {
  return policy.fields[field]
}

/** Is the column NOT NULL, where neither schema nor database says otherwise? */
export function isRequiredField(field: AuditField, policy: Policy): boolean {
  if (!isTimestampField(field)) return userPolicy(field, policy).required === true
  return isFilledByDefault(field) || timestampPolicy(field, policy).required === true
}

/** Do rows that stand already get the time of the migration, by a default that goes again? */
export function isFilledByDefault(field: TimestampField): boolean {
  return timestampKind(field).oldRows === 'the time of the migration'
}

/** How rows that stand already get a value; null for a field that has no such setting. */
export function populateOf(field: UserField, policy: Policy): Populate | null {
  return userPolicy(field, policy).populate ?? null
}
