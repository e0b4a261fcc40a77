import type { AuditedField } from '../audited-fields'
import type { LocalFinding } from './local-finding'
import { missingAuditField, type AuditedTable } from './missing-audit-field'

/** `missing-updated-by`: the policy requires `updatedBy`, which user changed a row, and it is not there. */
export function missingUpdatedBy(
  audited: AuditedField,
  table: AuditedTable,
  userKeyType: string | null,
): LocalFinding[] {
  return missingAuditField('missing-updated-by', audited, table, userKeyType)
}
