import { findAttribute, modelsOf } from '../schema/lookup'
import type { ModelBlock, SchemaModel } from '../schema/model'
import { ignoreComments } from './ignore-comments'
import { AUDIT_FIELD_KINDS, AUDIT_FIELDS, type AuditField, type AuditFieldKind } from './kinds'
import { modelMatcher } from './model-matcher'
import type { Policy } from './policy'
import { presentField, type ModelAuditField } from './present-fields'

/** What one model must have. */
export interface ModelRequirements {
  readonly model: ModelBlock
  /** In the order in which the kinds are registered. */
  readonly required: readonly AuditField[]
  /** Required by a rule of the policy and ignored by a comment: nothing reports, plans, writes or verifies it. */
  readonly ignored: readonly IgnoredField[]
}

export interface IgnoredField {
  readonly field: AuditField
  /** The reason after the comment's colon; null if there is none. */
  readonly why: string | null
}

/** For each model of the schema: which audit fields it must have, and which are ignored and why. */
export function requirementsOf(schema: SchemaModel, policy: Policy): ModelRequirements[] {
  const requirements = requirementsOfModels(policy)
  return modelsOf(schema).map(({ model }) => requirements(model))
}

/** As `requirementsOf`, model by model. */
export function requirementsOfModels(policy: Policy): (model: ModelBlock) => ModelRequirements {
  const fieldsOf = fieldsOfRules(policy)
  return (model) => {
    const required: AuditField[] = []
    const ignored: IgnoredField[] = []
    for (const field of fieldsOf(model.name.text)) {
      const comment = ignoringComment(policy, model, field)
      if (comment === null) required.push(field)
      else ignored.push({ field, why: comment.why })
    }
    return { model, required, ignored }
  }
}

/** What the policy requires and the schema lacks, in the order of the schema. */
export function missingAuditFields(schema: SchemaModel, policy: Policy): ModelAuditField[] {
  return requirementsOf(schema, policy).flatMap((requirements) => missingOf(requirements, policy))
}

/** The same of one model. Whoever asks for one after the other does not look at all of them each time. */
export function missingAuditFieldsOf(model: ModelBlock, policy: Policy): ModelAuditField[] {
  return missingOf(requirementsOfModels(policy)(model), policy)
}

function missingOf({ model, required }: ModelRequirements, policy: Policy): ModelAuditField[] {
  return required
    .filter((field) => presentField(policy, model, field) === null)
    .map((field) => ({ model: model.name.text, field }))
}

/** Everything that the policy requires of the schema's models, existing or not. */
export function requiredAuditFields(schema: SchemaModel, policy: Policy): ModelAuditField[] {
  return requirementsOf(schema, policy).flatMap(({ model, required }) =>
    required.map((field) => ({ model: model.name.text, field })),
  )
}

/**
 * The audit fields that a model's schema lacks, for the hint of a project without a policy. A model that Prisma Client
 * ignores lacks nothing.
 */
export function suggestedFields(model: ModelBlock, policy: Policy): AuditField[] {
  if (findAttribute(model, 'ignore') !== null) return []
  const isUser = model.name.text === policy.userModel
  const suits = (kind: AuditFieldKind) => kind.isSuggested && !(isUser && kind.shape === 'user' && !kind.isForUsers)
  const lacks = (field: AuditField) =>
    presentField(policy, model, field) === null && ignoringComment(policy, model, field) === null
  return AUDIT_FIELD_KINDS.filter((kind) => suits(kind) && lacks(kind.name)).map(({ name }) => name)
}

/** What the rules require of the model with this name, before comments; the patterns are compiled once. */
export function fieldsOfRules(policy: Policy): (modelName: string) => AuditField[] {
  const rules = policy.rules.map(({ models, require }) => ({ matches: modelMatcher(models), require }))
  return (modelName) => {
    const found = new Set<AuditField>()
    for (const { matches, require } of rules) {
      if (found.size === AUDIT_FIELDS.length) break
      if (require.some((field) => !found.has(field)) && matches(modelName))
        for (const field of require) found.add(field)
    }
    return AUDIT_FIELDS.filter((field) => found.has(field))
  }
}

/** A comment above the model, or above the field or its relation if the model has them. */
function ignoringComment(policy: Policy, model: ModelBlock, field: AuditField): { readonly why: string | null } | null {
  const present = hasFieldComments(model) ? presentField(policy, model, field) : null
  const nodes = [model, present?.field, present?.relation]
  for (const node of nodes) {
    const comment = ignoreComments(node?.documentation ?? []).find((each) => each.ignores(field))
    if (comment !== undefined) return comment
  }
  return null
}

function hasFieldComments({ fields }: ModelBlock): boolean {
  return fields.some(({ documentation }) => documentation.length > 0)
}
