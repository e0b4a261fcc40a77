import type { Node } from '@babel/types'

type Identifier = Extract<Node, { type: 'Identifier' }>

/** The parent of a node, in the node itself: a map of all nodes takes as long as the parser. */
const PARENT = Symbol('parent')

type Linked = Node & { [PARENT]?: Node }

/** The nodes of a file, and the parent of each. */
export interface SourceTree {
  readonly text: string
  readonly program: Node
  /** The nodes of the kinds in `SOUGHT`, in source order. */
  readonly nodes: readonly Node[]
  parentOf(node: Node): Node | null
  /** The texts that may be addresses: those with a `/`, in source order. */
  readonly addresses: readonly Node[]
  /** All identifiers with a name. */
  identifiersNamed(name: string): readonly Identifier[]
}

export function sourceTree(text: string, program: Node): SourceTree {
  const nodes: Node[] = []
  const identifiers: Identifier[] = []
  const addresses: Node[] = []
  const pending: Node[] = [program]
  const add = (child: unknown, parent: Node): void => {
    if (!isNode(child)) return
    const linked: Linked = child
    linked[PARENT] = parent
    pending.push(child)
  }
  for (;;) {
    const node = pending.pop()
    if (node === undefined) break
    if (node.type === 'Identifier') identifiers.push(node)
    else if (SOUGHT.has(node.type)) nodes.push(node)
    if (mayBeAddress(node)) addresses.push(node)
    if (isLeaf(node)) continue
    const first = pending.length
    // `for … in` takes twice as long, because the prototype of the parser's nodes has enumerable members.
    for (const key of Object.keys(node)) {
      const value: unknown = NO_CHILD.has(key) ? null : node[key as keyof Node]
      if (typeof value !== 'object' || value === null) continue
      if (!Array.isArray(value)) add(value, node)
      else for (const each of value) add(each, node)
    }
    reverseFrom(pending, first)
  }
  let byName: ReadonlyMap<string, readonly Identifier[]> | null = null
  return {
    text,
    program,
    nodes,
    addresses,
    parentOf: (node: Linked) => node[PARENT] ?? null,
    identifiersNamed: (name) => (byName ??= groupByName(identifiers)).get(name) ?? [],
  }
}

function mayBeAddress(node: Node): boolean {
  if (node.type === 'StringLiteral') return node.value.includes('/')
  return node.type === 'TemplateLiteral' && node.quasis.some(({ value }) => value.raw.includes('/'))
}

/** Half of all nodes: they have no children. */
function isLeaf(node: Node): boolean {
  if (node.type === 'Identifier') return !node.typeAnnotation && !node.decorators
  return node.type === 'StringLiteral' || node.type === 'NumericLiteral' || node.type === 'JSXText'
}

/** Properties of every node that contain no nodes. */
const NO_CHILD: ReadonlySet<string> = new Set(['type', 'start', 'end', 'loc', 'extra', 'name'])

const SOUGHT: ReadonlySet<string> = new Set<Node['type']>([
  'CallExpression',
  'OptionalCallExpression',
  'TaggedTemplateExpression',
  'VariableDeclarator',
  'ArrowFunctionExpression',
  'FunctionExpression',
  'FunctionDeclaration',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
  'ClassDeclaration',
  'ClassProperty',
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ExportDefaultDeclaration',
  'ExportNamedDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSSatisfiesExpression',
  'TSTypeReference',
  'ObjectExpression',
  'TemplateLiteral',
  'TSTypeLiteral',
  'TSInterfaceBody',
  'ClassBody',
])

function groupByName(identifiers: readonly Identifier[]): ReadonlyMap<string, readonly Identifier[]> {
  const byName = new Map<string, Identifier[]>()
  for (const node of identifiers) {
    const same = byName.get(node.name)
    if (same === undefined) byName.set(node.name, [node])
    else same.push(node)
  }
  return byName
}

/** A node and all nodes inside it. For small parts of a file: there are more kinds than in `nodes`. */
export function insideOf(node: Node): Node[] {
  return [node, ...childrenOf(node).flatMap(insideOf)]
}

export function childrenOf(node: Node): Node[] {
  const children = Object.keys(node).flatMap((key): unknown => (NO_CHILD.has(key) ? [] : node[key as keyof Node]))
  return children.filter(isNode)
}

/** The last one on a stack is visited first. */
function reverseFrom(nodes: Node[], first: number): void {
  for (let low = first, high = nodes.length - 1; low < high; low++, high--) {
    const node = nodes[low]
    const other = nodes[high]
    if (node === undefined || other === undefined) return
    nodes[low] = other
    nodes[high] = node
  }
}

/** An expression without what TypeScript wraps around it: `as const`, `satisfies T`, `!`. */
export function unwrap(node: Node): Node {
  return isWrapper(node) ? unwrap(node.expression) : node
}

type Wrapper = Extract<Node, { type: (typeof WRAPPERS)[number] }>

const WRAPPERS = [
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'ParenthesizedExpression',
] as const

export function isWrapper(node: Node): node is Wrapper {
  return (WRAPPERS as readonly string[]).includes(node.type)
}

export type CallNode = Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>

export function isCall(node: Node | null): node is CallNode {
  return node?.type === 'CallExpression' || node?.type === 'OptionalCallExpression'
}

export type FunctionNode = Extract<
  Node,
  {
    type:
      | 'ArrowFunctionExpression'
      | 'FunctionExpression'
      | 'FunctionDeclaration'
      | 'ObjectMethod'
      | 'ClassMethod'
      | 'ClassPrivateMethod'
  }
>

export function isFunction(node: Node | null): node is FunctionNode {
  return (
    node?.type === 'ArrowFunctionExpression' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'FunctionDeclaration' ||
    node?.type === 'ObjectMethod' ||
    node?.type === 'ClassMethod' ||
    node?.type === 'ClassPrivateMethod'
  )
}

/** `x.name` or `x?.name` for any `x`. */
export function memberOf(node: Node): { readonly name: string; readonly object: Node } | null {
  const member = unwrap(node)
  if (member.type !== 'MemberExpression' && member.type !== 'OptionalMemberExpression') return null
  const name = propertyName({ key: member.property, computed: member.computed })
  return name === null ? null : { name, object: member.object }
}

/** The name of a property; null if it is computed at run time. */
export function propertyName(property: { readonly key: Node; readonly computed?: boolean | null }): string | null {
  if (property.key.type === 'StringLiteral') return property.key.value
  return property.key.type === 'Identifier' && property.computed !== true ? property.key.name : null
}

/** The last name of `User`, `Prisma.User`; null for anything but a name. */
export function typeNameOf(node: Node): string | null {
  if (node.type === 'Identifier') return node.name
  return node.type === 'TSQualifiedName' ? node.right.name : null
}

/** Every node of the parser has a position; a node created otherwise has none. */
export function placeOf(node: Node): { readonly start: number; readonly end: number; readonly line: number } {
  return { start: node.start ?? 0, end: node.end ?? 0, line: node.loc?.start.line ?? 1 }
}

export function textOfNode(text: string, node: Node): string {
  const { start, end } = placeOf(node)
  return text.slice(start, end)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
