import assert from 'node:assert/strict'
import { auditedModels, type AuditedModels } from '../../../server/src/actor/audited-models'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { parseSchema } from '../../../server/src/schema/parse-schema'

export function auditedOf(schema: string, policy: object = {}): AuditedModels {
  const text = JSON.stringify({ rules: [{ models: ['Lead'], require: ['updatedBy'] }], ...policy })
  const parsed = parsePolicy(text)
  assert.deepEqual(parsed.problems, [])
  return auditedModels(parseSchema([{ path: 'schema.prisma', text: schema }]), parsed.policy!)
}

export const LEADS = `
model User {
  id Int @id
  updatedLeads Lead[]
}
model Lead {
  id Int @id
  name String
  updatedById Int?
  updatedBy User? @relation(fields: [updatedById], references: [id])
}`

export const TENANTS = `
model Tenant {
  id Int @id
  leads Lead[]
}
model User {
  tenantId Int
  id Int
  updatedLeads Lead[]
  @@id([tenantId, id])
}
model Lead {
  id Int @id
  name String
  tenantId Int
  tenant Tenant @relation(fields: [tenantId], references: [id])
  updatedById Int?
  updatedBy User? @relation(fields: [tenantId, updatedById], references: [tenantId, id])
}`
