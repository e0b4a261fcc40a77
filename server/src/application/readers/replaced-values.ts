import type { Node } from '@babel/types'
import { isCall, isFunction, memberOf, placeOf, propertyName, textOfNode, unwrap, type SourceTree } from '../syntax'
import { isKey } from './bindings'

type Identifier = Extract<Node, { type: 'Identifier' }>

/**
 * The value that comes before another one as soon as it is there: `data?.user` of `data?.user ?? initialUser` and of
 * `data ? data.user : initialUser`. Null if there is none.
 */
export function otherOf(parent: Node, child: Node): Node | null {
  if (parent.type === 'LogicalExpression')
    return parent.right === child && parent.operator !== '&&' ? unwrap(parent.left) : null
  if (parent.type !== 'ConditionalExpression' || parent.test === child) return null
  const other = parent.alternate === child ? parent.consequent : parent.alternate
  const root = rootOf(other)
  return root !== null && rootOf(testedIn(parent.test)) === root && rootOf(child) !== root ? unwrap(other) : null
}

/** `data` of `!data` and of `data !== null`. */
function testedIn(given: Node): Node {
  const test = unwrap(given)
  if (test.type === 'UnaryExpression') return test.argument
  return test.type === 'BinaryExpression' ? test.left : test
}

function rootOf(given: Node): string | null {
  const node = unwrap(given)
  if (node.type === 'Identifier') return node.name
  return node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression' ? rootOf(node.object) : null
}

/** What a query has until it is answered: `useQuery({ …, initialData: users })`, `useSWR(url, get, { fallbackData })`. */
export function isFirstValue(property: Extract<Node, { type: 'ObjectProperty' }>): boolean {
  return /^(?:initialData|fallbackData|placeholderData|fallback)$/.test(propertyName(property) ?? '')
}

/**
 * Whether a component sets a state to what another request answers: `setUsers(await response.json())`. The answer to a
 * write, `setUser(await save(user))`, replaces one record by itself. `uses` are those of the setter; `isOwn` tells the
 * records that are followed.
 */
export function isReplaced(
  tree: SourceTree,
  uses: readonly Identifier[],
  state: Node,
  isOwn: (name: Identifier) => boolean,
): boolean {
  return uses.some((setter) => {
    const call = tree.parentOf(setter)
    if (!isCall(call) || isInWrite(tree, call, state)) return false
    if (call.callee !== setter) return memberOf(call.callee)?.name === 'then'
    const [value] = call.arguments
    if (value === undefined || isFunction(value)) return false
    const { start, end } = placeOf(value)
    const names = namesIn(tree, start, end)
    return (
      !names.some(isOwn) && (/\bawait\b/.test(textOfNode(tree.text, value)) || names.some((n) => isAnswer(tree, n)))
    )
  })
}

/** Whether the outermost function around the call, inside that of the state, writes. */
function isInWrite(tree: SourceTree, call: Node, state: Node): boolean {
  const { start } = placeOf(state)
  let outermost: Node = call
  for (let next = tree.parentOf(call); next !== null && placeOf(next).start > start; next = tree.parentOf(next))
    if (isFunction(next)) outermost = next
  return WRITES.test(textOfNode(tree.text, outermost))
}

const WRITES =
  /\bmethod\s{0,9}:\s{0,9}['"`](?:POST|PUT|PATCH|DELETE)|\.(?:post|put|patch|delete)\b|\bawait\s{1,9}[\w.]{0,60}(?:create|update|delete|save|add|remove|toggle|edit|approve|reject)\w{0,60}\(/i

/** `data` of `const data = await response.json()`, of `.then((data) => …)` and of `const { data } = useQuery(…)`. */
function isAnswer(tree: SourceTree, name: Identifier): boolean {
  return tree.identifiersNamed(name.name).some((each) => {
    let holder = tree.parentOf(each)
    for (let child: Node = each; holder !== null && isInPattern(holder, child); holder = tree.parentOf(holder))
      child = holder
    if (holder?.type === 'VariableDeclarator') {
      const value = holder.init && placeOf(each).end <= placeOf(holder.init).start ? unwrap(holder.init) : null
      return value?.type === 'AwaitExpression' || (isCall(value) && /^use(?:Query|SWR|Fetch)/.test(calledName(value)))
    }
    const call = isFunction(holder) ? tree.parentOf(holder) : null
    return isFunction(holder) && isCall(call) && memberOf(call.callee)?.name === 'then' && call.callee !== holder
  })
}

function isInPattern(parent: Node, child: Node): boolean {
  if (parent.type === 'ObjectProperty') return parent.value === child
  return parent.type === 'ObjectPattern' || parent.type === 'ArrayPattern' || parent.type === 'AssignmentPattern'
}

function calledName(call: Node): string {
  const callee = isCall(call) ? unwrap(call.callee) : call
  return memberOf(callee)?.name ?? (callee.type === 'Identifier' ? callee.name : '')
}

/** The names between two offsets. */
export function namesIn(tree: SourceTree, start: number, end: number): Identifier[] {
  const names = new Set(tree.text.slice(start, Math.min(end, start + LONGEST)).match(/[A-Za-z_$][\w$]*/g))
  return [...names].flatMap((name) =>
    tree
      .identifiersNamed(name)
      .filter((node) => placeOf(node).start >= start && placeOf(node).end <= end && !isKey(tree, node)),
  )
}

/** Longer expressions are no names of values. */
const LONGEST = 2000
