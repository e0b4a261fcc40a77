import type { Node } from '@babel/types'
import { isFunction, unwrap, type FunctionNode, type SourceTree } from '../syntax'

/** The components around all that the component at a place shows: `Shell` of `return <Shell>…</Shell>`. */
export function componentsAround(tree: SourceTree, place: Node): string[] {
  for (let next = tree.parentOf(place); next !== null; next = tree.parentOf(next)) {
    const names = isFunction(next) ? returnedBy(next).flatMap(outermostOf) : []
    if (names.length > 0) return names
  }
  return []
}

function returnedBy({ body }: FunctionNode): Node[] {
  if (body.type !== 'BlockStatement') return [body]
  return body.body.flatMap((each) => (each.type === 'ReturnStatement' && each.argument ? each.argument : []))
}

function outermostOf(given: Node): string[] {
  const node = unwrap(given)
  if (node.type !== 'JSXElement' && node.type !== 'JSXFragment') return []
  const [only, ...others] = node.children.filter((each) => each.type !== 'JSXText' || each.value.trim() !== '')
  const inner = only === undefined || others.length > 0 ? [] : outermostOf(only)
  const name = node.type === 'JSXElement' ? node.openingElement.name : null
  return name?.type === 'JSXIdentifier' ? [name.name, ...inner] : inner
}
