import type { AuditTarget } from './audit-target'

/** A column that is new, or that is there and may be NULL though the policy requires a value. */
export function needsValues(target: AuditTarget): boolean {
  return target.databaseColumn === null || mustBecomeNotNull(target)
}

export function mustBecomeNotNull(target: AuditTarget): boolean {
  return !target.nullable && target.databaseColumn?.nullable !== false
}
