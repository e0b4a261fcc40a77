import type { Node } from '@babel/types'
import { isExit } from '../selects/guards'
import { isCall, isFunction, memberOf, placeOf, textOfNode, type SourceTree } from '../syntax'

/**
 * Whether code before a place may turn somebody away: its functions leave before it (`if (!session) return …`), call what
 * may (`await requireUser()`), or are given to another function (`withUser(async () => …)`).
 */
export function mayTurnAway(tree: SourceTree, place: Node): boolean {
  let child = place
  for (let parent = tree.parentOf(child); parent !== null; child = parent, parent = tree.parentOf(child)) {
    const { start } = placeOf(child)
    if (parent.type === 'BlockStatement' && parent.body.some((each) => placeOf(each).start < start && asks(tree, each)))
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

function asks(tree: SourceTree, statement: Node): boolean {
  if (statement.type === 'IfStatement' && isExit(statement.consequent))
    return !/\bmethod\b/.test(textOfNode(tree.text, statement.test))
  return ASKS.test(textOfNode(tree.text, statement))
}

const ASKS =
  /\b(?:require|check|verify|assert|ensure|enforce|guard|protect|authori[sz]e|authenticate|can|only|must)\w*\(|\bthrow\b|\b(?:redirect|notFound|forbidden|unauthorized)\(/

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

/** Whether a file is called before a route or a page: Next.js' and Nuxt's middleware, SvelteKit's hooks, layouts. */
export function isBefore(outer: string, path: string): boolean {
  const match = OUTER.exec(outer.replaceAll('\\', '/'))
  return match !== null && path.replaceAll('\\', '/').startsWith(match[1] ?? '')
}

const OUTER =
  /^(.*?\/?)(?:(?:src\/)?(?:(?:middleware|proxy|hooks\.server)\.[cm]?[jt]s|server\/middleware\/[^/]+)|(?<=\/)layout\.[jt]sx?)$/

/** Words in such files. */
export const OUTER_WORDS = ['middleware', 'matcher', 'proxy', 'defineEventHandler', 'resolve', 'children']

/** What in them may turn somebody away. */
export const TURNS_AWAY =
  /\b(?:redirect|rewrite|notFound)\(|\b40[13]\b|\w*(?:[aA]uth|[sS]ession|[pP]rotect|[rR]equire|[gG]uard)\w*\(|export\s{0,9}\{[^}]{0,100}\}\s{0,9}from/
