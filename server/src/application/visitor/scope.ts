import type { Scope, Value } from './values'

export function inner(scope: Scope): Scope {
  return { ...scope, names: new Map(), outer: scope }
}

export function boundIn(scope: Scope, name: string): Value | null {
  for (let next: Scope | null = scope; next !== null; next = next.outer) {
    const value = next.names.get(name)
    if (value !== undefined) return value
  }
  return null
}

/** Where the name was declared, or here. */
export function assign(scope: Scope, name: string, value: Value): void {
  for (let next: Scope | null = scope; next !== null; next = next.outer) {
    if (!next.names.has(name)) continue
    next.names.set(name, value)
    return
  }
  scope.names.set(name, value)
}
