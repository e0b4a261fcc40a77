import type { Expression, Node, ObjectExpression } from '@babel/types'

/** The node and everything below it, in the order of the source as far as the parser keeps it. */
export function* nodesBelow(node: Node): Generator<Node> {
  const pending: Node[] = [node]
  for (;;) {
    const next = pending.pop()
    if (next === undefined) return
    yield next
    const children = Object.values(next).flatMap((value: unknown) =>
      Array.isArray(value) ? (value as unknown[]) : [value],
    )
    pending.push(...children.filter(isNode).reverse())
  }
}

/** An expression without what TypeScript wraps around it: `as const`, `satisfies T`, `!`. */
export function unwrap(node: Node): Node {
  const isWrapped =
    node.type === 'TSAsExpression' ||
    node.type === 'TSSatisfiesExpression' ||
    node.type === 'TSNonNullExpression' ||
    node.type === 'TSTypeAssertion' ||
    node.type === 'ParenthesizedExpression'
  return isWrapped ? unwrap(node.expression) : node
}

/** The name that a property is written under; null where it is computed at run time. */
export function propertyName(property: { readonly key: Node; readonly computed?: boolean | null }): string | null {
  if (property.key.type === 'StringLiteral') return property.key.value
  return property.key.type === 'Identifier' && property.computed !== true ? property.key.name : null
}

/** The object literals that constants of this file stand for. A name that is declared twice is left out. */
export function objectConstants(program: Node): ReadonlyMap<string, ObjectExpression> {
  const found = new Map<string, ObjectExpression | null>()
  for (const node of nodesBelow(program)) {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') continue
    const value = node.init ? unwrap(node.init) : null
    const isFirst = !found.has(node.id.name)
    found.set(node.id.name, isFirst && value?.type === 'ObjectExpression' ? value : null)
  }
  return new Map([...found].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])))
}

/** The object literal that an expression is, or that the constant which it names is; null for anything else. */
export function resolveObject(
  expression: Expression | Node,
  constants: ReadonlyMap<string, ObjectExpression>,
): ObjectExpression | null {
  const value = unwrap(expression)
  if (value.type === 'ObjectExpression') return value
  return value.type === 'Identifier' ? (constants.get(value.name) ?? null) : null
}

/** Every node that the parser makes has its place; a node that was made otherwise stands nowhere. */
export function placeOf(node: Node): { readonly start: number; readonly end: number; readonly line: number } {
  return { start: node.start ?? 0, end: node.end ?? 0, line: node.loc?.start.line ?? 1 }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
