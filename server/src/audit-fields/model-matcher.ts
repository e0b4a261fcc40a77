import { compileModelGlob, isPlainName, type NameMatcher } from './model-glob'

/** Is the name matched by one of the patterns and by none of those that begin with `!`? Only exclusions mean all but them. */
export function matchesModel(patterns: readonly string[], name: string): boolean {
  return modelMatcher(patterns)(name)
}

/** As `matchesModel`, for many names: the patterns are made out once. */
export function modelMatcher(patterns: readonly string[]): NameMatcher {
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
