import type { ExpectedColumn } from '../../expected/model'
import { populateOf } from '../../audit-fields/field-policies'
import type { UserField } from '../../audit-fields/kinds'
import { parseUserKeyType } from '../../audit-fields/user-key-type'
import { baseOf } from '../../audit/unfit-user-columns'
import type { ColumnType, FieldRefusal } from './audit-target'
import { typeOfColumn } from './column-type'
import type { Warning } from '../model'
import type { FieldContext, Resolution } from './field-context'
import { populating } from './populating'
import { resolveIndex } from './resolve-index'
import { userTarget } from './user-target'
import { titleOfColumn } from './titles'
import { phrase, type Phrase } from '../../text/phrase'

/**
 * A reference to the user without a relation. The users may be in another service, so the policy may be the only source
 * for the type of their key.
 */
export function resolvePlainColumn(context: FieldContext, auditField: UserField): Resolution {
  const { column, databaseColumn, expected, policy, schemaColumn, schemaName, unfit, userKey } = context
  const wanted = policy.fields[auditField].type
  const inSchema = schemaColumn === null ? null : typeInSchema(schemaColumn)
  const inDatabase = databaseColumn === null ? null : typeOfColumn(databaseColumn)
  const ofUsers = userKey.key === null ? null : userKey.type
  const type = inDatabase ?? inSchema ?? (wanted === null ? ofUsers : plainType(wanted.catalog))
  const isWritten = schemaColumn !== null || wanted !== null || userKey.key !== null
  const { index, warnings } = resolveIndex(context, policy.fields[auditField].index)
  const compared = databaseColumn === null ? type?.catalog : baseOf(databaseColumn).type
  const isOfUsers = ofUsers !== null && ofUsers.catalog === compared
  const populate = populating(context, auditField, isOfUsers ? userKey.key : null)
  const target = userTarget(context, auditField, { index, type, foreignKey: null, populate })
  const label = titleOfColumn({ schema: schemaName, table: expected.name, column })
  const refusal = unfit ?? (type === null || !isWritten ? typeMissing(context, auditField, label) : null)
  const hasNoFirstUser = populateOf(auditField, policy) === 'first-user' && populate === null
  return {
    target,
    warnings: [...warnings, ...(hasNoFirstUser && databaseColumn === null ? [noFirstUser(label)] : [])],
    ...(refusal === null ? {} : { refusal }),
  }
}

/** What to write if no model holds the users. */
export function usersElsewhere(auditField: UserField): Phrase {
  return phrase`Set "userModel" in the policy to the model of the users; or, if the schema has none, set the type of their key: "fields": { "${auditField}": { "relation": false, "type": "uuid" } }.`
}

function typeMissing(
  { policy, databaseColumn, userKey }: FieldContext,
  auditField: UserField,
  label: string,
): FieldRefusal {
  const known = databaseColumn === null ? null : parseUserKeyType(databaseColumn.type)
  const example = known?.catalog ?? 'uuid'
  const why = userKey.refusal?.reason ?? phrase`The key type of ${policy.userModel} is unknown.`
  const reason = phrase`The type of ${label} is unknown. ${why} Set the type of the users' key for ${auditField} in the policy: "fields": { "${auditField}": { "relation": false, "type": "${example}" } }.`
  return { code: 'type-unknown', reason }
}

function noFirstUser(label: string): Warning {
  const text = phrase`Existing rows get no ${label}: without a user model there is no first user. Set "populate" for ownerId in the policy to an SQL expression, or to "none".`
  return { code: 'first-user-unknown', object: label, text }
}

function typeInSchema({ type, isList }: ExpectedColumn): ColumnType | null {
  if (isList || type.kind !== 'scalar' || parseUserKeyType(type.text) === null) return null
  return plainType(type.text)
}

/** A built-in type of PostgreSQL, as printed by `format_type`. */
function plainType(catalog: string): ColumnType {
  return { sql: catalog, catalog, dataType: catalog.replace(/\(\d+\)$/, '') }
}
