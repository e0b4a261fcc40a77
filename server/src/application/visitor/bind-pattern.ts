import type { Node } from '@babel/types'
import { propertyName } from '../syntax'
import type { Code } from './code'
import { either, isAbout, UNDECIDED, UNKNOWN, YES, type Scope, type Value } from './values'

/** Gives a pattern's names their values. */
export function bindPattern(code: Code, pattern: Node, value: Value, scope: Scope, rest: readonly Value[] = []): void {
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- no other node is a pattern of a variable
  switch (pattern.type) {
    case 'Identifier':
      scope.names.set(pattern.name, value)
      return
    case 'AssignmentPattern':
      bindPattern(code, pattern.left, orDefault(code, value, pattern.right, scope), scope)
      return
    case 'RestElement':
      bindPattern(code, pattern.argument, { kind: 'list', items: rest }, scope)
      return
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') bindPattern(code, property.argument, UNKNOWN, scope)
        else bindPattern(code, property.value, code.member(value, propertyName(property) ?? ''), scope)
      }
      return
    case 'ArrayPattern':
      pattern.elements.forEach((element, at) => {
        if (element !== null)
          bindPattern(
            code,
            element,
            value.kind === 'list' ? (value.items[at] ?? UNKNOWN) : isAbout(value) ? UNDECIDED : UNKNOWN,
            scope,
          )
      })
      return
    default:
      return
  }
}

/** `isAdmin = true`: a flag may be missing. */
export function orDefault(code: Code, value: Value, fallback: Node, scope: Scope): Value {
  if (value.kind === 'known' && value.value === undefined) return code.value(fallback, scope)
  if (value.kind !== 'flag') return value
  return either([
    { value, certainty: YES },
    { value: code.value(fallback, scope), certainty: YES },
  ])
}
