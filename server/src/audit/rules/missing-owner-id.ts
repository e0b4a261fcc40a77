import type { AuditedField } from '../audited-fields'
import type { LocalFinding } from './local-finding'
import { missingAuditField, type AuditedTable } from './missing-audit-field'

/** `missing-owner-id`: the policy requires `ownerId`, which user owns a row, and it is not there. */
export function missingOwnerId(
  audited: AuditedField,
  table: AuditedTable,
  userKeyType: string | null,
  required: boolean,
): LocalFinding[] {
  const definition = userKeyType === null ? null : `${userKeyType}${required ? ' not null' : ''}`
  return missingAuditField('missing-owner-id', audited, table, definition)
}
