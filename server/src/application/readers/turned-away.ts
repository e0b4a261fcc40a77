import type { Node } from '@babel/types'
import { isExit, showsOthersLess } from '../selects/guards'
import { isCall, isFunction, memberOf, placeOf, textOfNode, type SourceTree } from '../syntax'
import { ROLE } from './router-login'

/**
 * Whether code before a place may turn somebody away: its functions leave before it (`if (!session) return …`), call what
 * may (`await requireUser()`), or are given to another function (`withUser(async () => …)`).
 */
export function mayTurnAway(tree: SourceTree, place: Node, may = asks): boolean {
  let child = place
  for (let parent = tree.parentOf(child); parent !== null; child = parent, parent = tree.parentOf(child)) {
    const { start } = placeOf(child)
    if (parent.type === 'BlockStatement' && parent.body.some((each) => placeOf(each).start < start && may(tree, each)))
      return true
    if (isFunction(child) && isGiven(tree, child, parent)) return true
    const declared =
      parent.type === 'FunctionDeclaration' || (parent.type === 'VariableDeclarator' && isFunction(child))
        ? parent.id
        : null
    const name = declared?.type === 'Identifier' ? tree.identifiersNamed(declared.name) : []
    if (name.some((each) => isArgument(tree, each))) return true
  }
  return false
}

/** Whether whoever is logged in comes to a place, since who has no role is only shown less, `where = { userId }`. */
export function letsOthersOn(tree: SourceTree, place: Node): boolean {
  const isMore = (_: SourceTree, statement: Node): boolean =>
    asks(tree, statement) &&
    !(statement.type === 'IfStatement' && !ROLE.test(textOfNode(tree.text, statement)) && isExit(statement.consequent))
  return showsOthersLess(tree, place) && !mayTurnAway(tree, place, isMore)
}

function asks(tree: SourceTree, statement: Node): boolean {
  if (statement.type === 'IfStatement' && isExit(statement.consequent)) {
    const { test, consequent } = statement
    return isOfVisitor(tree, test) || REFUSES.test(textOfNode(tree.text, consequent))
  }
  const text = textOfNode(tree.text, statement)
  return ASKS.test(text) || (LEAVES.test(text) && (VISITOR.test(text) || REFUSES.test(text)))
}

const ASKS =
  /\b(?:require|check|verify|assert|ensure|enforce|guard|protect|authori[sz]e|authenticate|(?:can|only|must)(?=[A-Z]))(?!\w*(?:Rate|Limit|Env|Captcha|Method))\w*\(/
const LEAVES = /\bthrow\b|\b(?:redirect|notFound|forbidden|unauthorized)\(/

/** Whether a condition depends on who sends the request: `!session`, not `!id` or `method !== 'GET'`. */
function isOfVisitor(tree: SourceTree, test: Node): boolean {
  const { start } = placeOf(test)
  let text = textOfNode(tree.text, test)
  // `user` of `const { user } = session`, and `session` of `const session = await getSession()`.
  for (let round = 0; round < 2; round++) {
    text = text.slice(0, LONGEST).replace(/(?<![.\w])[A-Za-z_]\w*/g, (name) => valueOf(tree, name, start) ?? name)
  }
  return VISITOR.test(text.replace(OF_REQUEST, ''))
}

/** What the nearest declaration of a name before an offset gives it. */
function valueOf(tree: SourceTree, name: string, before: number): string | null {
  let value: Node | null = null
  let nearest = -1
  for (const node of tree.identifiersNamed(name).slice(0, MOST_NAMES)) {
    const { start, end } = placeOf(node)
    let holder = tree.parentOf(node)
    while (holder !== null && /Pattern|Property/.test(holder.type)) holder = tree.parentOf(holder)
    if (start >= before || start < nearest || holder?.type !== 'VariableDeclarator' || !holder.init) continue
    if (end > placeOf(holder.id).end) continue
    nearest = start
    value = holder.init
  }
  // What is read of a record says nothing about who asks for it.
  return value === null ? null : textOfNode(tree.text, value).replace(SELECTED, '').slice(0, LONGEST)
}

const SELECTED = /\b(?:select|include)\s*:[^]*/
const LONGEST = 300
const MOST_NAMES = 200

const VISITOR =
  /auth|session|user|role|admin|staff|member|permi|allow|access|guard|protect|cookie|header|token|jwt|login|logged|denied|forbid|viewer|visitor|\bme\b|secret|api_?key/i

/** What the request asks for, and the records that are read by it. */
const OF_REQUEST =
  /\b(?:params|query|searchParams|body|json\(\))(?:\??\.\w+)*(?:\(['"]\w*['"]\))?|\b\w+\.\w+\.(?:find|count)\w*\(|\b\w+\.(?:safeParse|parse|validate)\w*\(/g

const REFUSES = /\b40[13]\b|unauthori[sz]ed|forbidden|denied|log-?in|sign-?in/i

/** Nuxt's handlers are always given to one of these. */
function isGiven(tree: SourceTree, fn: Node, parent: Node): boolean {
  if (!isCall(parent) || parent.callee === fn) return false
  const { callee } = parent
  return !(memberOf(callee)?.name ?? textOfNode(tree.text, callee)).endsWith('EventHandler')
}

function isArgument(tree: SourceTree, name: Node): boolean {
  const parent = tree.parentOf(name)
  return isCall(parent) && parent.callee !== name
}

/** Whether a file is a layout around a page. Middleware is for some addresses, which its code decides. */
export function isAround(outer: string, path: string): boolean {
  const folder = /^(?:.*\/)?(?=layout\.[jt]sx?$)/.exec(outer.replaceAll('\\', '/'))?.[0]
  return folder !== undefined && path.replaceAll('\\', '/').startsWith(folder)
}

/** A component of the server around what a page shows: `<AdminShell>…</AdminShell>`. */
export const IS_AROUND = /^(?![^]{0,100}['"]use client)[^]*\bchildren\b/

/**
 * What in them may turn somebody away: a redirect, where anything is about visitors. Names are bounded, since a file of
 * one endless word would take minutes.
 */
export const TURNS_AWAY =
  /\b40[13]\b|(?:auth|session|protect|require|guard)\w{0,50}\(|export\s{0,9}\{[^}]{0,100}\}\s{0,9}from|^(?=[^]*(?:auth|session|user(?!-agent)|role|admin|staff|token|log-?in|sign-?in))[^]*\b(?:redirect|rewrite|notFound)\(/i
