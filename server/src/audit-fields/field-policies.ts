import type { Populate, TimestampPolicy, UserPolicy } from './kind'
import { isTimestampField, timestampKind, type AuditField, type TimestampField, type UserField } from './kinds'
import type { Policy } from './policy'

/**
 * The policy's settings for a field, in one form for all kinds of its shape; settings that a kind does not have are
 * omitted.
 */
export function timestampPolicy(field: TimestampField, policy: Policy): TimestampPolicy {
  return policy.fields[field]
}

export function userPolicy(field: UserField, policy: Policy): UserPolicy {
  return policy.fields[field]
}

/** Whether the column is NOT NULL, if neither schema nor database defines it. */
export function isRequiredField(field: AuditField, policy: Policy): boolean {
  if (!isTimestampField(field)) return userPolicy(field, policy).required === true
  return isFilledByDefault(field) || timestampPolicy(field, policy).required === true
}

/** Whether existing rows get the time of the migration, from a temporary default. */
export function isFilledByDefault(field: TimestampField): boolean {
  return timestampKind(field).oldRows === 'the time of the migration'
}

/** How existing rows get a value; null for a field without such a setting. */
export function populateOf(field: UserField, policy: Policy): Populate | null {
  return userPolicy(field, policy).populate ?? null
}
