import picomatch from 'picomatch'
import type { AuditField, Policy } from './policy'

/** The audit fields that the policy requires of a model, in the order updatedAt, updatedBy, ownerId. */
export function requiredFields(policy: Policy, modelName: string): AuditField[] {
  return requirementsOf(policy)(modelName)
}

/** As `requiredFields`, for many models: the patterns are made out once. */
export function requirementsOf(policy: Policy): (modelName: string) => AuditField[] {
  const rules = policy.rules.map(({ models, require }) => ({ matches: modelMatcher(models), require }))
  return (modelName) => {
    const matching = rules.filter(({ matches }) => matches(modelName))
    return AUDIT_FIELDS.filter((field) => matching.some(({ require }) => require.includes(field)))
  }
}

const AUDIT_FIELDS: readonly AuditField[] = ['updatedAt', 'updatedBy', 'ownerId']

/** Is the name matched by one of the patterns and by none of those that begin with `!`? Only exclusions mean all but them. */
export function matchesModel(patterns: readonly string[], name: string): boolean {
  return modelMatcher(patterns)(name)
}

function modelMatcher(patterns: readonly string[]): (name: string) => boolean {
  const included = patterns.filter((pattern) => !pattern.startsWith('!')).map(globMatcher)
  const excluded = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => globMatcher(pattern.slice(1)))
  return (name) =>
    (included.length === 0 || included.some((matches) => matches(name))) && !excluded.some((matches) => matches(name))
}

/** The only use of the glob library, which does not take an empty pattern. */
function globMatcher(pattern: string): (name: string) => boolean {
  if (pattern === '') return (name) => name === ''
  const matches = picomatch(pattern)
  return (name) => pattern === name || matches(name)
}
