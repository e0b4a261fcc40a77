import type { Column, Table } from '../database/model'
import type { TimestampPolicy } from '../audit-fields/kind'
import { actorTriggerOf, type ActorWhen } from '../audit-fields/actor-trigger'
import { isTimestampType } from '../audit-fields/timestamp-type'
import { presentField } from '../audit-fields/present-fields'
import type { ExpectedColumn, ExpectedTable } from '../expected/model'
import type { Field } from '../schema/model'
import type { MissingIn } from './finding'
import { isTimestampField, kindOf, type AuditField } from '../audit-fields/kinds'
import type { Policy } from '../audit-fields/policy'

/** An audit field that a model must have, and where it is. */
export interface AuditedField {
  readonly auditField: AuditField
  /** The schema's column for it; null where the schema has none. */
  readonly schemaColumn: ExpectedColumn | null
  /** The column's name in the database: the schema's, else one that is there and satisfies, else the policy's. */
  readonly column: string
  /** Does the policy ask for an index of it? */
  readonly wantsIndex: boolean
  /** Is it of a kind that a trigger may keep? */
  readonly hasTrigger: boolean
  /** Does the policy ask for that trigger? */
  readonly wantsTrigger: boolean
  /** When the policy asks for a trigger that fills it with the user in `app.actor`; null for none. */
  readonly actorTrigger: ActorWhen | null
  /** Does the policy leave a trigger as it is that writes another time than the clock's in UTC? */
  readonly acceptsClock: boolean
  /** Of a moment: what its type is instead of a timestamp; the plan refuses it. Null where it may hold a moment. */
  readonly unfit: { readonly in: 'schema' | 'database'; readonly type: string } | null
  /** Null where there is nothing to look at: no connection, or no table. */
  readonly isInDatabase: boolean | null
}

/** Looks for an audit field of a model's table; `actual` is the table in the database, null where there is none. */
export function auditedField(
  auditField: AuditField,
  table: ExpectedTable,
  actual: Table | null,
  policy: Policy,
): AuditedField {
  const kind = kindOf(auditField)
  const present = presentField(policy, table.block, auditField)
  const schemaColumn = table.columns.find(({ name }) => name === present?.column) ?? null
  const wanted = policy.fields[auditField].column
  const candidates =
    schemaColumn === null ? [wanted, ...kind.databaseNames, ...policy.fields[auditField].aliases] : [schemaColumn.name]
  const found = candidates.find((name) => actual?.columns.some((column) => column.name === name))
  const trigger = triggerPolicyOf(auditField, policy)
  return {
    auditField,
    schemaColumn,
    column: found ?? schemaColumn?.name ?? wanted,
    wantsIndex: policy.fields[auditField].index,
    hasTrigger: kind.shape === 'timestamp' && kind.triggerName !== null,
    wantsTrigger: trigger !== false,
    actorTrigger: actorTriggerOf(auditField, policy),
    acceptsClock: trigger === 'keep',
    unfit: isTimestampField(auditField)
      ? unfitType(
          schemaColumn,
          present?.field,
          actual?.columns.find(({ name }) => name === found),
        )
      : null,
    isInDatabase: actual === null ? null : found !== undefined,
  }
}

function unfitType(
  schemaColumn: ExpectedColumn | null,
  field: Field | undefined,
  column: Column | undefined,
): AuditedField['unfit'] {
  if (schemaColumn !== null && field !== undefined) {
    const { isList, type } = schemaColumn
    const fits = type.kind === 'unknown' || (!isList && type.kind === 'scalar' && isTimestampType(type.text))
    return fits ? null : { in: 'schema', type: field.type.name }
  }
  return column === undefined || isTimestampType(column.type) ? null : { in: 'database', type: column.type }
}

function triggerPolicyOf(auditField: AuditField, policy: Policy): NonNullable<TimestampPolicy['trigger']> {
  if (!isTimestampField(auditField)) return false
  const settings: TimestampPolicy = policy.fields[auditField]
  return settings.trigger ?? false
}

/** Null where nothing is missing, or where the table itself is, which is another finding. */
export function missingIn(
  { schemaColumn, unfit, isInDatabase }: AuditedField,
  hasConnection: boolean,
): MissingIn | null {
  if (unfit !== null) return hasConnection ? 'both' : 'schema'
  if (schemaColumn !== null) return isInDatabase === false ? 'database' : null
  if (!hasConnection || isInDatabase === true) return 'schema'
  return 'both'
}
