import type { Table } from '../database/model'
import { namedAuditScalar } from '../audit-fields/present-fields'
import { columnNameOf } from '../schema/lookup'
import type { ExpectedColumn, ExpectedTable } from '../expected/model'
import type { MissingIn } from './finding'
import type { AuditField, Policy } from '../audit-fields/policy'

/** An audit field that a model must have, and where it is. */
export interface AuditedField {
  readonly auditField: AuditField
  /** The schema's column for it; null where the schema has none. */
  readonly schemaColumn: ExpectedColumn | null
  /** The column's name in the database: the schema's, else one that is there and satisfies, else the policy's. */
  readonly column: string
  /** Does the policy ask for a trigger that keeps it? Only for `updatedAt`. */
  readonly wantsTrigger: boolean
  /** Does the policy leave a trigger as it is that writes another time than the clock's in UTC? */
  readonly acceptsClock: boolean
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
  const schemaColumn = schemaColumnOf(auditField, table, policy)
  const wanted = policy.fields[auditField].column
  const candidates = schemaColumn === null ? [wanted, ...alternativeColumns(auditField)] : [schemaColumn.name]
  const found = candidates.find((name) => actual?.columns.some((column) => column.name === name))
  return {
    auditField,
    schemaColumn,
    column: found ?? schemaColumn?.name ?? wanted,
    wantsTrigger: auditField === 'updatedAt' && policy.fields.updatedAt.trigger !== false,
    acceptsClock: auditField === 'updatedAt' && policy.fields.updatedAt.trigger === 'keep',
    isInDatabase: actual === null ? null : found !== undefined,
  }
}

/** The column by which the schema has the field: by its name, or, for `updatedAt`, one that Prisma itself keeps. */
export function schemaColumnOf(auditField: AuditField, table: ExpectedTable, policy: Policy): ExpectedColumn | null {
  const named = namedAuditScalar(policy, table.block, auditField)
  const column = named === null ? null : columnNameOf(named)
  const byName = column === null ? undefined : table.columns.find(({ name }) => name === column)
  if (byName !== undefined || auditField !== 'updatedAt') return byName ?? null
  return table.columns.find(({ isUpdatedAt }) => isUpdatedAt) ?? null
}

/** Null where nothing is missing, or where the table itself is, which is another finding. */
export function missingIn({ schemaColumn, isInDatabase }: AuditedField, hasConnection: boolean): MissingIn | null {
  if (schemaColumn !== null) return isInDatabase === false ? 'database' : null
  if (!hasConnection || isInDatabase === true) return 'schema'
  return 'both'
}

/** An existing `updatedById` satisfies `updatedBy`. */
function alternativeColumns(auditField: AuditField): readonly string[] {
  return auditField === 'updatedBy' ? ['updatedById'] : []
}
