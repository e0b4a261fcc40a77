import picomatch from 'picomatch'
import type { AuditField, Policy } from './policy'

/** The audit fields that the policy requires of a model, in the order updatedAt, updatedBy, ownerId. */
export function requiredFields(policy: Policy, modelName: string): AuditField[] {
  const required = new Set<AuditField>()
  for (const rule of policy.rules) {
    if (matchesModel(rule.models, modelName)) for (const field of rule.require) required.add(field)
  }
  return AUDIT_FIELDS.filter((field) => required.has(field))
}

const AUDIT_FIELDS: readonly AuditField[] = ['updatedAt', 'updatedBy', 'ownerId']

/** Is the name matched by one of the patterns and by none of those that begin with `!`? Only exclusions mean all but them. */
export function matchesModel(patterns: readonly string[], name: string): boolean {
  const included = patterns.filter((pattern) => !pattern.startsWith('!'))
  const excluded = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  return (included.length === 0 || matchesGlob(included, name)) && !matchesGlob(excluded, name)
}

/** The only use of the glob library. */
function matchesGlob(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => pattern === name || picomatch.isMatch(name, pattern))
}
