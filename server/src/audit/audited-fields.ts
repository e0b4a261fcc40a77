import type { Table } from '../database/model'
import type { TimestampPolicy } from '../audit-fields/kind'
import { actorTriggerOf, type ActorWhen } from '../audit-fields/actor-trigger'
import { presentField } from '../audit-fields/present-fields'
import type { ExpectedColumn, ExpectedTable } from '../expected/model'
import type { UnfitColumn } from './audit-column'
import type { MissingIn } from './finding'
import { isTimestampField, kindOf, type AuditField } from '../audit-fields/kinds'
import type { Policy } from '../audit-fields/policy'
import { whyColumnUnfit } from './unfit-columns'
import type { ReferencedKey } from './unfit-user-columns'

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
  /** Why the column of that name cannot be it, so that the plan refuses it; null if it can, or if there is none. */
  readonly unfit: UnfitColumn | null
  /** Null where there is nothing to look at: no connection, or no table. */
  readonly isInDatabase: boolean | null
}

/** What says whether a column can reference the users. */
export interface UsersOfFields {
  /** Null if unclear. */
  readonly userKey: ReferencedKey | null
  readonly usesForeignKeys: boolean
  /** Null without a connection. */
  readonly defaultSchema: string | null
}

/** Looks for an audit field of a model's table; `actual` is the table in the database, null where there is none. */
export function auditedField(
  auditField: AuditField,
  table: ExpectedTable,
  actual: Table | null,
  policy: Policy,
  users: UsersOfFields,
): AuditedField {
  const kind = kindOf(auditField)
  const present = presentField(policy, table.block, auditField)
  const schemaColumn = table.columns.find(({ name }) => name === present?.column) ?? null
  const wanted = policy.fields[auditField].column
  const candidates =
    schemaColumn === null ? [wanted, ...kind.databaseNames, ...policy.fields[auditField].aliases] : [schemaColumn.name]
  const found = candidates.find((name) => actual?.columns.some((column) => column.name === name))
  const column = found ?? schemaColumn?.name ?? wanted
  const databaseColumn = actual?.columns.find(({ name }) => name === found) ?? null
  const { userKey, usesForeignKeys, defaultSchema } = users
  const trigger = triggerPolicyOf(auditField, policy)
  return {
    auditField,
    schemaColumn,
    column,
    wantsIndex: policy.fields[auditField].index,
    hasTrigger: kind.shape === 'timestamp' && kind.triggerName !== null,
    wantsTrigger: trigger !== false,
    actorTrigger: actorTriggerOf(auditField, policy),
    acceptsClock: trigger === 'keep',
    unfit: whyColumnUnfit(
      auditField,
      {
        ...{ policy, expected: table, actual, column, schemaColumn, databaseColumn, usesForeignKeys },
        defaultSchema: defaultSchema ?? '',
      },
      userKey,
    ),
    isInDatabase: actual === null ? null : found !== undefined,
  }
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
  if (unfit !== null && !unfit.isDrift) return hasConnection ? 'both' : 'schema'
  if (schemaColumn !== null) return isInDatabase === false ? 'database' : null
  if (!hasConnection || isInDatabase === true) return 'schema'
  return 'both'
}
