import type { Node } from '@babel/types'
import { memberOf, placeOf, type SourceTree } from '../syntax'

/** Whether a call reads what the same function wrote before, as the response to that: `await prisma.user.update(…)`. */
export function isReadAgain(tree: SourceTree, call: Node, accessor: string): boolean {
  const written = writesOf(tree, accessor)
  if (written.length === 0) return false
  const statements = new Map<Node, Node>()
  for (const [block, statement] of blocksAround(tree, call)) statements.set(block, statement)
  return written.some((write) => {
    const shared = blocksAround(tree, write).find(([block]) => statements.has(block))
    if (shared === undefined) return false
    const [block, statement] = shared
    // What an `if` leaves the function with was another request.
    return statement.type !== 'IfStatement' && placeOf(statement).start < placeOf(statements.get(block) ?? block).start
  })
}

/** From the inside, each with its statement that has the node. */
function blocksAround(tree: SourceTree, node: Node): (readonly [Node, Node])[] {
  const blocks: (readonly [Node, Node])[] = []
  let child = node
  for (let parent = tree.parentOf(child); parent !== null; child = parent, parent = tree.parentOf(child)) {
    if (parent.type === 'BlockStatement') blocks.push([parent, child])
  }
  return blocks
}

/** A file with many calls is looked through once for each model. */
const WRITES = new WeakMap<SourceTree, Map<string, readonly Node[]>>()

function writesOf(tree: SourceTree, accessor: string): readonly Node[] {
  const ofTree = WRITES.get(tree) ?? new Map<string, readonly Node[]>()
  WRITES.set(tree, ofTree)
  const known = ofTree.get(accessor)
  if (known !== undefined) return known
  const writes = tree.identifiersNamed(accessor).filter((node) => {
    const delegate = tree.parentOf(node)
    const method = delegate === null ? null : tree.parentOf(delegate)
    return method !== null && /^(?:create|update|upsert)/.test(memberOf(method)?.name ?? '')
  })
  ofTree.set(accessor, writes.slice(0, MOST_WRITES))
  return ofTree.get(accessor) ?? []
}

const MOST_WRITES = 100
