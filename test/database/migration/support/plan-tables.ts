import assert from 'node:assert/strict'
import { parsePolicy } from '../../../../server/src/audit-fields/parse-policy'
import { planEverything } from '../../../../server/src/migration/plan/plan-everything'
import { parseSchema } from '../../../../server/src/schema/parse-schema'
import { readStructure } from './drift'

export const SOURCE = 'datasource db {\n  provider = "postgresql"\n  url = "postgresql://localhost/x"\n}\n'

/** What a database lacks of a schema whose every table is audited. */
export async function planTables(text: string, url: string, fields: object = {}) {
  const schema = parseSchema([{ path: 'schema.prisma', text }])
  const rules = [{ models: ['*'], require: ['updatedAt', 'updatedBy', 'ownerId', 'createdAt'] }]
  const { policy } = parsePolicy(JSON.stringify({ userModel: 'User', rules, fields }))
  assert.ok(policy !== null)
  return planEverything({ schema, policy, database: await readStructure(text, url) })
}
