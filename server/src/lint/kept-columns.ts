import { auditedField } from '../audit/audited-fields'
import { expectedDatabase } from '../expected/expected-database'
import type { Policy } from '../audit-fields/policy'
import { requirementsOf } from '../audit-fields/required-fields'
import type { SchemaModel } from '../schema/model'
import type { KeptColumn } from './model'

/** The columns that the policy wants a trigger to keep. */
export function columnsKeptByTrigger(schema: SchemaModel, policy: Policy | null): KeptColumn[] {
  if (policy === null || policy.fields.updatedAt.trigger === false) return []
  const requirements = requirementsOf(policy)
  return expectedDatabase(schema).models.flatMap(({ block, table }) =>
    requirements(block.name.text).includes('updatedAt')
      ? [{ schema: table.schema, table: table.name, column: auditedField('updatedAt', table, null, policy).column }]
      : [],
  )
}
