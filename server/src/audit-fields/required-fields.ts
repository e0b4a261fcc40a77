import { compileModelGlob, isPlainName, type NameMatcher } from './model-glob'
import type { AuditField, Policy } from './policy'

/** The audit fields that the policy requires of a model, in the order updatedAt, updatedBy, ownerId. */
export function requiredFields(policy: Policy, modelName: string): AuditField[] {
  return requirementsOf(policy)(modelName)
}

/** As `requiredFields`, for many models: the patterns are made out once. */
export function requirementsOf(policy: Policy): (modelName: string) => AuditField[] {
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

const AUDIT_FIELDS: readonly AuditField[] = ['updatedAt', 'updatedBy', 'ownerId']

/** Is the name matched by one of the patterns and by none of those that begin with `!`? Only exclusions mean all but them. */
export function matchesModel(patterns: readonly string[], name: string): boolean {
  return modelMatcher(patterns)(name)
}

function modelMatcher(patterns: readonly string[]): NameMatcher {
  const isExclusion = (pattern: string) => pattern.startsWith('!')
  const included = anyOf(patterns.filter((pattern) => !isExclusion(pattern)))
  const excluded = anyOf(patterns.filter(isExclusion).map((pattern) => pattern.slice(1)))
  return (name) => (included === null || included(name)) && excluded?.(name) !== true
}

/** Null where there are none. A pattern that is too large matches nothing; the policy is not valid then. */
function anyOf(patterns: readonly string[]): NameMatcher | null {
  if (patterns.length === 0) return null
  const names = new Set(patterns)
  const globs = patterns.flatMap((pattern) => (isPlainName(pattern) ? [] : (compileModelGlob(pattern) ?? [])))
  return (name) => names.has(name) || globs.some((matches) => matches(name))
}
