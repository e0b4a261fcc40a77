import { auditedField } from '../audit/audited-fields'
import type { Policy } from '../audit-fields/policy'
import { requirementsOfModels } from '../audit-fields/requirements'
import { expectedDatabase } from '../expected/expected-database'
import type { SchemaModel } from '../schema/model'
import type { MaintainedColumn } from './model'

/** Triggers maintain moments only. */
const NO_USERS = { userKey: null, usesForeignKeys: true, defaultSchema: null }

/** The columns for which the policy requires a trigger. */
export function maintainedColumns(schema: SchemaModel, policy: Policy | null): MaintainedColumn[] {
  if (policy === null) return []
  const requirementsOf = requirementsOfModels(policy)
  return expectedDatabase(schema).models.flatMap(({ block, table }) =>
    requirementsOf(block)
      .required.map((field) => auditedField(field, table, null, policy, NO_USERS))
      .filter(({ wantsTrigger }) => wantsTrigger)
      .map(({ column }) => ({ schema: table.schema, table: table.name, column })),
  )
}
