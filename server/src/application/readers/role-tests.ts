import type { Node } from '@babel/types'
import { memberOf, placeOf, textOfNode, unwrap, type SourceTree } from '../syntax'
import type { Gate } from '../visitor/ordinary-visitor'
import { awaited, nameOf } from '../called-names'
import { CAN, OF_ABILITY, OF_RECORDS, OF_REQUEST, VISITOR, hasRoleWord, isOneOfOthers } from '../role-words'
import { Unverified } from './unverified'

/** Of one name in a file. */
export const MOST_NAMES = 100

/** A file, and what its names are worth. */
export interface AskedTree extends SourceTree {
  /** Functions whose own code asks for no role, whatever their names say, and what `Unverified` calls `decoding`. */
  readonly doubted: ReadonlySet<string>
  readonly unverified: Unverified
  readonly guards: Map<Node, number>
  /** Whether code surely lets on somebody who is no staff, whatever its words say. */
  readonly letsOn: LetsOn
}

export type LetsOn = (gate: Gate) => boolean

const ASKED = new WeakMap<LetsOn, WeakMap<SourceTree, Map<string, AskedTree>>>()

/** The same for the same `letsOn`: its answers are kept. */
export function askedTree(tree: SourceTree, doubted: ReadonlySet<string>, letsOn: LetsOn = saysNothing): AskedTree {
  const trees = ASKED.get(letsOn) ?? new WeakMap<SourceTree, Map<string, AskedTree>>()
  ASKED.set(letsOn, trees)
  const known = trees.get(tree) ?? new Map<string, AskedTree>()
  trees.set(tree, known)
  const key = [...doubted].join()
  const asked = known.get(key) ?? {
    ...tree,
    doubted,
    unverified: new Unverified(tree, doubted),
    guards: new Map<Node, number>(),
    letsOn,
  }
  known.set(key, asked)
  return asked
}

const saysNothing: LetsOn = () => false

/** Without the names of functions that ask nothing. */
export function believed(tree: AskedTree, text: string): string {
  return text.replaceAll(/\b[A-Za-z_]\w*/g, (name) => (tree.doubted.has(name) ? '' : name))
}

export function isRoleText(tree: AskedTree, given: string): boolean {
  const text = believed(tree, given)
  return (hasRoleWord(text) || CAN.test(text)) && !isOneOfOthers(text)
}

/** The test of an `if` that is true for everyone who lacks a role. */
export function isOfOthers(tree: AskedTree, given: Node): boolean {
  const test = unwrap(given)
  if (test.type === 'LogicalExpression') {
    const sides = [test.left, test.right].map((side) => isOfOthers(tree, side))
    return test.operator === '&&' ? sides.every(Boolean) : sides.some(Boolean)
  }
  if (test.type === 'UnaryExpression' && test.operator === '!')
    return isAboutRoles(tree, test.argument) && !isMere(tree, test.argument)
  if (test.type === 'BinaryExpression') {
    const { left, right, operator } = test
    if (operator === 'instanceof') return isAboutRoles(tree, left)
    if (operator === 'in') return isAboutRoles(tree, right)
    if (/^!==?$/.test(operator)) return isAboutRoles(tree, test) && !isOwnership(textOfNode(tree.text, test))
    const lacking = textOfNode(tree.text, right)
    if (!/^===?$/.test(operator) || !LACKS.test(lacking)) return false
    return isAboutRoles(tree, left) && (/['"]/.test(lacking) || !isMere(tree, left))
  }
  return /error|denied|forbidden|response|unauthorized/i.test(nameOf(test)) && isAboutRoles(tree, test)
}

/** `school.adminId !== user.id` */
function isOwnership(text: string): boolean {
  return /(?:admin|staff|moderator)_?id\b/i.test(text) && !/role|['"`]/i.test(text)
}

const LACKS = /^(?:null|undefined|false|['"](?:user|customer|client|member|guest)['"])$/i

/** `user.role`, `user.permissions` and `await getUserRole(id)`, which everyone has: that there is one proves nothing. */
export function isMere(tree: AskedTree, value: Node, depth = 3): boolean {
  const { start } = placeOf(value)
  const node = awaited(value)
  if (node.type === 'LogicalExpression') {
    return [node.left, node.right].every((side) => isMere(tree, side, depth) || !isAboutRoles(tree, side))
  }
  const name = nameOf(node)
  const given = node.type === 'Identifier' && depth > 0 ? declarationOf(tree, name, start) : null
  if (given === null) {
    const object = memberOf(node)?.object
    return MERE.test(name) || (name === 'length' && object !== undefined && isMere(tree, object, depth))
  }
  if (!given.isPart) return isMere(tree, given.value, depth - 1)
  return MERE.test(name) && !/^(?:require|check|verify|assert)/i.test(nameOf(given.value))
}

const MERE =
  /^(?:(?:get|find|fetch|load|read)\w{0,60}?)?(?:my|user|current|session|account|member)?_?(?:roles?|permissions?|perms)(?:Id|Name)?$/i

/** Whether a value says what somebody may do: by its own name, or by what its name was given. */
function isAboutRoles(tree: AskedTree, value: Node, depth = 2): boolean {
  const { start } = placeOf(value)
  const node = unwrap(value)
  if (tree.unverified.has(node)) return false
  if (node.type === 'LogicalExpression') {
    // `isAdmin(user) || order.userId === user.id` lets others in.
    const sides = [node.left, node.right].map((side) => isAboutRoles(tree, side, depth))
    return node.operator === '&&' ? sides.some(Boolean) : sides.every(Boolean)
  }
  const given = node.type === 'Identifier' && depth > 0 ? declarationOf(tree, node.name, start) : null
  if (given !== null && unwrap(given.value).type === 'LogicalExpression')
    return isAboutRoles(tree, given.value, depth - 1)
  let text = textOfNode(tree.text, value).replace(OF_ABILITY, '')
  let isAllowed = CAN.test(text)
  for (let round = 0; round < 2; round++) {
    text = text.slice(0, LONGEST).replace(/(?<![.\w])[A-Za-z_]\w*/g, (name) => valueOf(tree, name, start) ?? name)
    isAllowed ||= CAN.test(text)
  }
  const own = text.replace(OF_REQUEST, '').replace(OF_RECORDS, '')
  return (hasRoleWord(believed(tree, own)) || isAllowed) && !isOneOfOthers(text) && (own === text || VISITOR.test(own))
}

/** The same in words. */
export function valueOf(tree: SourceTree, name: string, before: number): string | null {
  const given = declarationOf(tree, name, before)
  // What is read of a record says nothing about who asks for it.
  return given === null ? null : textOfNode(tree.text, given.value).replace(SELECTED, '').slice(0, LONGEST)
}

interface Declared {
  readonly value: Node
  /** `const { role } = user` */
  readonly isPart: boolean
}

/** What the nearest declaration of a name before an offset gives it. */
export function declarationOf(tree: SourceTree, name: string, before: number): Declared | null {
  let declared: Declared | null = null
  let nearest = -1
  for (const node of tree.identifiersNamed(name).slice(0, MOST_NAMES)) {
    const { start, end } = placeOf(node)
    let holder = tree.parentOf(node)
    while (holder !== null && /Pattern|Property/.test(holder.type)) holder = tree.parentOf(holder)
    if (start >= before || start < nearest || holder?.type !== 'VariableDeclarator' || !holder.init) continue
    if (end > placeOf(holder.id).end) continue
    nearest = start
    declared = { value: holder.init, isPart: holder.id !== node }
  }
  return declared
}

const SELECTED = /\b(?:select|include)\s*:[^]*/
export const LONGEST = 300
