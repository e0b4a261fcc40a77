import { compileModelGlob, isPlainName, type NameMatcher } from './model-glob'

/**
 * Whether the name is matched by one of the patterns and by none of those that start with `!`. Only exclusions mean all
 * other models.
 */
export function matchesModel(patterns: readonly string[], name: string): boolean {
  return modelMatcher(patterns)(name)
}

/** As `matchesModel`, for many names: the patterns are compiled once. */
export function modelMatcher(patterns: readonly string[]): NameMatcher {
  const isExclusion = (pattern: string) => pattern.startsWith('!')
  const included = anyOf(patterns.filter((pattern) => !isExclusion(pattern)))
  const excluded = anyOf(patterns.filter(isExclusion).map((pattern) => pattern.slice(1)))
  return (name) => (included === null || included(name)) && excluded?.(name) !== true
}

/** Null if there are none. A pattern that is too large matches nothing, and makes the policy invalid. */
function anyOf(patterns: readonly string[]): NameMatcher | null {
  if (patterns.length === 0) return null
  const names = new Set(patterns)
  const globs = patterns.flatMap((pattern) => (isPlainName(pattern) ? [] : (compileModelGlob(pattern) ?? [])))
  return (name) => names.has(name) || globs.some((matches) => matches(name))
}
