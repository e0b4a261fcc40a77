import type { ModelBlock, SchemaModel } from '../schema/model'
import { auditFieldsOf } from './present-fields'
import { modelsOf } from '../schema/lookup'
import type { AuditField, Policy } from './policy'
import { requirementsOf } from './required-fields'

export interface ModelField {
  readonly model: string
  readonly field: AuditField
}

/** What the policy requires and the schema does not have, in the order of the schema. */
export function missingAuditFields(schema: SchemaModel, policy: Policy): ModelField[] {
  const required = requirementsOf(policy)
  return modelsOf(schema).flatMap(({ model }) => {
    const present = auditFieldsOf(schema, policy, model)
    return requiredOf(model, required).filter(({ field }) => present[field] === null)
  })
}

/** All that the policy requires of the schema's models, there or not. */
export function requiredAuditFields(schema: SchemaModel, policy: Policy): ModelField[] {
  const required = requirementsOf(policy)
  return modelsOf(schema).flatMap(({ model }) => requiredOf(model, required))
}

function requiredOf(model: ModelBlock, required: (modelName: string) => AuditField[]): ModelField[] {
  return required(model.name.text).map((field) => ({ model: model.name.text, field }))
}
