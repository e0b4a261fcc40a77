import type { EnvironmentVariables } from '../platform/environment-variables'

/**
 * Replaces each `${NAME}` in a value of the policy from the environment. `used` collects the inserted values, to redact
 * them in all output; `missing` the names that the environment does not have.
 */
export function withEnvironment<Value>(
  value: Value,
  environment: EnvironmentVariables,
  found: { readonly used: Set<string>; readonly missing: Set<string> },
): Value {
  const replaced = (text: string) =>
    text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const given = environment[name]
      if (given === undefined) found.missing.add(name)
      else found.used.add(given)
      return given ?? ''
    })
  const walk = (each: unknown): unknown => {
    if (typeof each === 'string') return replaced(each)
    if (Array.isArray(each)) return each.map(walk)
    if (typeof each !== 'object' || each === null) return each
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, walk(inner)]))
  }
  return walk(value) as Value
}
