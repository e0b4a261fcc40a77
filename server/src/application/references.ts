import type { Node } from '@babel/types'
import { isCall, isFunction, placeOf, type CallNode, type SourceTree } from './syntax'

/** The calls of a function of this file; null if other files may call it too. */
export function callsOf(tree: SourceTree, fn: Node): readonly Node[] | null {
  const declaration = fn.type === 'FunctionDeclaration' ? fn : tree.parentOf(fn)
  if (declaration?.type !== 'FunctionDeclaration' && declaration?.type !== 'VariableDeclarator') return null
  const { id } = declaration
  if (id?.type !== 'Identifier') return null
  const statement = declaration.type === 'FunctionDeclaration' ? declaration : tree.parentOf(declaration)
  const holder = statement === null ? null : tree.parentOf(statement)
  if (holder?.type === 'ExportNamedDeclaration' || holder?.type === 'ExportDefaultDeclaration') return null
  // `typeof list` is no call.
  const references = tree
    .identifiersNamed(id.name)
    .filter((node) => node !== id && tree.parentOf(node)?.type !== 'TSTypeQuery')
  const calls = references.map((node) => ({ node, call: tree.parentOf(node) }))
  const isCalled = calls.every(({ node, call }) => isCall(call) && call.callee === node)
  return isCalled && calls.length > 0 ? calls.flatMap(({ call }) => call ?? []) : null
}

/** The uses of a name inside a node, without its declarations and the keys of properties. */
export function referencesIn(tree: SourceTree, name: string, block: Node): Node[] {
  const { start, end } = placeOf(block)
  return tree.identifiersNamed(name).filter((node) => {
    const place = placeOf(node)
    return place.start >= start && place.end <= end && isReference(tree, node)
  })
}

function isReference(tree: SourceTree, node: Node): boolean {
  const parent = tree.parentOf(node)
  if (parent === null) return false
  if (parent.type === 'MemberExpression' || parent.type === 'OptionalMemberExpression') {
    return parent.object === node || parent.computed
  }
  if (parent.type === 'ObjectProperty') {
    // Names declared by the pattern, and property keys, are no references.
    return parent.value === node && tree.parentOf(parent)?.type !== 'ObjectPattern'
  }
  if (parent.type === 'VariableDeclarator') return parent.init === node
  if (parent.type === 'AssignmentExpression') return parent.right === node
  return !isFunction(parent) || parent.type === 'ArrowFunctionExpression'
}

/** The parameter for the argument, and the body of the function; null for a function of another file. */
export function parameterOf(tree: SourceTree, call: CallNode, argument: Node): readonly [Node, Node] | null {
  const { callee } = call
  if (callee.type !== 'Identifier') return null
  const index = call.arguments.findIndex((each) => each === argument)
  for (const name of tree.identifiersNamed(callee.name)) {
    const holder = tree.parentOf(name)
    const declared = holder?.type === 'VariableDeclarator' && holder.id === name ? (holder.init ?? null) : holder
    if (!isFunction(declared) || (declared === holder && !('id' in declared && declared.id === name))) continue
    const parameter = declared.params[index]
    if (parameter === undefined) return null
    return [parameter.type === 'AssignmentPattern' ? parameter.left : parameter, declared.body]
  }
  return null
}

export function enclosingFunction(tree: SourceTree, node: Node): Node | null {
  for (let next = tree.parentOf(node); next !== null; next = tree.parentOf(next)) if (isFunction(next)) return next
  return null
}
