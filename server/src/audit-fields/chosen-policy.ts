import { modelsOf } from '../schema/lookup'
import { hasSnakeCaseColumns, snakeCase } from '../schema/edits/naming-convention'
import type { SchemaModel } from '../schema/model'
import { createdAt } from './created-at'
import { AUDIT_FIELDS, type AuditField } from './kinds'
import { policyText } from './policy-text'
import { updatedAt } from './updated-at'

/** A person's choices: for each field, the models that must have it. */
export interface PolicyChoice {
  /** Null if no model holds the users. */
  readonly userModel: string | null
  readonly fields: Readonly<Partial<Record<AuditField, readonly string[]>>>
}

/** The text of the policy: fields with the same models share a rule, and models are a pattern if that is shorter. */
export function chosenPolicy(schema: SchemaModel, { userModel, fields }: PolicyChoice): string {
  const names = modelsOf(schema).map(({ model }) => model.name.text)
  const rules = new Map<string, { models: string[]; require: AuditField[] }>()
  for (const field of AUDIT_FIELDS) {
    const chosen = new Set(fields[field])
    const models = names.filter((name) => chosen.has(name))
    if (models.length === 0) continue
    const key = models.join('\0')
    const rule = rules.get(key) ?? { models: patternsFor(models, names), require: [] }
    rule.require.push(field)
    rules.set(key, rule)
  }
  const settings = proposedSettings(
    schema,
    AUDIT_FIELDS.filter((field) => (fields[field] ?? []).length > 0),
  )
  const policy = {
    ...(userModel === null ? {} : { userModel }),
    rules: [...rules.values()],
    ...(Object.keys(settings).length === 0 ? {} : { fields: settings }),
  }
  return policyText(policy)
}

/** The settings of a new policy for its required fields, where the default would not fit. */
export function proposedSettings(schema: SchemaModel, fields: readonly AuditField[]): Record<string, object> {
  const isSnakeCase = hasSnakeCaseColumns(schema)
  const settings = fields.map((field) => {
    const column = isSnakeCase ? { column: snakeCase(field) } : {}
    return [field, { ...column, ...(WITHOUT_INDEX.includes(field) ? { index: false } : {}) }] as const
  })
  return Object.fromEntries(settings.filter(([, each]) => Object.keys(each).length > 0))
}

/**
 * An index on `updatedAt` prevents HOT updates: each UPDATE of a row then writes to every index of its table. One on
 * `createdAt` would be created for every model that has always had the field without one.
 */
const WITHOUT_INDEX: readonly AuditField[] = [updatedAt.name, createdAt.name]

/** All, all except some, or some. A pattern also includes models that are added later. */
function patternsFor(models: readonly string[], names: readonly string[]): string[] {
  const others = names.filter((name) => !models.includes(name))
  if (names.length < FEWEST_FOR_PATTERN || others.length > names.length / 3) return [...models]
  return ['*', ...others.map((name) => `!${name}`)]
}

/** Two or three models need no pattern. */
const FEWEST_FOR_PATTERN = 4
