import type { Node } from '@babel/types'
import { isFunction, placeOf, propertyName, type SourceTree } from '../syntax'

/** What a declaration gives a name. */
export type Declaration =
  | { readonly kind: 'value'; readonly node: Node }
  /** `const { role } = user`: this member of it. */
  | { readonly kind: 'part'; readonly of: Node; readonly member: string | null; readonly fallback: Node | null }
  | { readonly kind: 'import'; readonly from: string; readonly name: string }
  | { readonly kind: 'enum'; readonly node: Extract<Node, { type: 'TSEnumDeclaration' }> }
  /** A parameter, a variable that changes. */
  | { readonly kind: 'open' }

/** The nearest declaration of a name before an offset, or one of the file behind it. */
export function declarationOf(tree: SourceTree, name: string, before: number): Declaration | null {
  let nearest: Declaration | null = null
  for (const node of tree.identifiersNamed(name).slice(0, MOST_NAMES)) {
    const declared = declaredBy(tree, node)
    if (declared === null) continue
    const isBefore = placeOf(node).start < before
    if (isBefore && isInScope(tree, node, before)) nearest = declared
    // A function or a constant of the module may stand behind its use.
    else if (!isBefore && nearest === null && isOfModule(tree, node)) return declared
  }
  return nearest
}

/** Whether the block or the function around a declaration is around the offset, too. */
function isInScope(tree: SourceTree, node: Node, offset: number): boolean {
  let holder = tree.parentOf(node)
  if (isFunction(holder) && 'id' in holder && holder.id === node) holder = tree.parentOf(holder)
  for (; holder !== null; holder = tree.parentOf(holder)) {
    if (holder.type === 'BlockStatement' || isFunction(holder)) return placeOf(holder).end >= offset
  }
  return true
}

function isOfModule(tree: SourceTree, node: Node): boolean {
  for (let holder = tree.parentOf(node); holder !== null; holder = tree.parentOf(holder)) {
    if (holder.type === 'BlockStatement') return false
    if (isFunction(holder) && !('id' in holder && holder.id === node)) return false
  }
  return true
}

const MOST_NAMES = 100

function declaredBy(tree: SourceTree, node: Node): Declaration | null {
  const parent = tree.parentOf(node)
  if (parent === null) return null
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the parser has some two hundred kinds of nodes
  switch (parent.type) {
    case 'VariableDeclarator':
      if (parent.id !== node) return null
      return parent.init && !mayChange(tree, parent) ? { kind: 'value', node: parent.init } : { kind: 'open' }
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      if (parent.id === node) return { kind: 'value', node: parent }
      return isFunction(parent) && (parent.params as readonly Node[]).includes(node) ? { kind: 'open' } : null
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'ObjectMethod':
    case 'ClassMethod':
      return (parent.params as readonly Node[]).includes(node) ? { kind: 'open' } : null
    case 'TSEnumDeclaration':
      return parent.id === node ? { kind: 'enum', node: parent } : null
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
      return parent.local === node ? importedBy(tree, parent) : null
    default:
      return partOf(tree, node, parent)
  }
}

function importedBy(
  tree: SourceTree,
  node: Extract<Node, { type: 'ImportSpecifier' | 'ImportDefaultSpecifier' | 'ImportNamespaceSpecifier' }>,
): Declaration | null {
  const statement = tree.parentOf(node)
  if (statement?.type !== 'ImportDeclaration') return null
  const from = statement.source.value
  if (node.type === 'ImportNamespaceSpecifier') return { kind: 'import', from, name: '*' }
  if (node.type === 'ImportDefaultSpecifier') return { kind: 'import', from, name: 'default' }
  return { kind: 'import', from, name: node.imported.type === 'Identifier' ? node.imported.name : node.imported.value }
}

/** `role` of `const { role = 'none' } = user` */
function partOf(tree: SourceTree, node: Node, parent: Node): Declaration | null {
  const fallback = parent.type === 'AssignmentPattern' && parent.left === node ? parent.right : null
  const property = fallback === null ? parent : tree.parentOf(parent)
  if (property?.type !== 'ObjectProperty' || (fallback === null ? property.value !== node : property.value !== parent))
    return property?.type === 'RestElement' && isDeclared(tree, property) ? { kind: 'open' } : null
  const pattern = tree.parentOf(property)
  if (pattern?.type !== 'ObjectPattern') return null
  const holder = tree.parentOf(pattern)
  if (holder?.type === 'VariableDeclarator' && holder.id === pattern && holder.init)
    return { kind: 'part', of: holder.init, member: propertyName(property), fallback }
  return { kind: 'open' }
}

function isDeclared(tree: SourceTree, node: Node): boolean {
  const holder = tree.parentOf(tree.parentOf(node) ?? node)
  return holder?.type === 'VariableDeclarator' || isFunction(holder)
}

/** `let role = …`, to which something else is assigned later. */
function mayChange(tree: SourceTree, declarator: Extract<Node, { type: 'VariableDeclarator' }>): boolean {
  const statement = tree.parentOf(declarator)
  if (statement?.type !== 'VariableDeclaration' || statement.kind === 'const') return false
  const name = declarator.id.type === 'Identifier' ? declarator.id.name : ''
  return tree.identifiersNamed(name).some((each) => {
    const parent = tree.parentOf(each)
    return parent?.type === 'AssignmentExpression' && parent.left === each
  })
}
