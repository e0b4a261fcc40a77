import { populateOf } from '../../audit-fields/field-policies'
import type { UserField } from '../../audit-fields/kinds'
import type { Populating, UserKey } from './audit-target'
import type { FieldContext } from './field-context'
import { ownerColumn } from './owner-column'

/** How existing rows get the reference; null for none. Without a user model there is no first user. */
export function populating(context: FieldContext, auditField: UserField, user: UserKey | null): Populating | null {
  const populate = populateOf(auditField, context.policy)
  if (populate === null || populate === 'none') return null
  if (populate !== 'first-user') return { kind: 'sql', sql: populate.sql }
  return user === null ? null : { kind: 'first-user', user, from: ownerColumn(context, user) }
}
