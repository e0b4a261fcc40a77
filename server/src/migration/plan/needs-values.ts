import type { UserReferenceTarget } from './audit-target'

/** A column that is new, or that is there and may be NULL though the policy requires a value. */
export function needsValues(target: UserReferenceTarget): boolean {
  return target.databaseColumn === null || mustBecomeNotNull(target)
}

export function mustBecomeNotNull(target: UserReferenceTarget): boolean {
  return !target.nullable && target.databaseColumn?.nullable !== false
}
