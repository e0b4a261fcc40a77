import type { AuditedField } from '../audited-fields'
import type { LocalFinding } from './local-finding'
import { missingAuditField, type AuditedTable } from './missing-audit-field'

/** `missing-updated-at`: the policy requires `updatedAt`, when a row last changed, and it is not there. */
export function missingUpdatedAt(audited: AuditedField, table: AuditedTable): LocalFinding[] {
  return missingAuditField('missing-updated-at', audited, table, 'timestamp(3) not null')
}
