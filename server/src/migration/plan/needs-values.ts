import type { AuditTarget } from './audit-target'

/** A new column, or an existing nullable one although the policy requires a value. */
export function needsValues(target: AuditTarget): boolean {
  return target.databaseColumn === null || mustBecomeNotNull(target)
}

export function mustBecomeNotNull(target: AuditTarget): boolean {
  return !target.nullable && target.databaseColumn?.nullable !== false
}
