import type { Node } from '@babel/types'
import { isCall, isFunction, memberOf, textOfNode, unwrap, type CallNode, type SourceTree } from '../syntax'

/**
 * The logins that an Express router asks for before a route, `router.use(authenticate)`; empty where nothing is put
 * before it. Null where anything else is, and for what is no route of a router of this file.
 */
export function loginsBefore(tree: SourceTree, route: CallNode): readonly string[] | null {
  const router = memberOf(route.callee)?.object
  if (router?.type !== 'Identifier') return null
  const { name } = router
  const isMadeHere = tree.nodes.some(
    (node) =>
      node.type === 'VariableDeclarator' &&
      node.id.type === 'Identifier' &&
      node.id.name === name &&
      /^(?:express\.)?Router\(/.test(node.init ? textOfNode(tree.text, node.init) : ''),
  )
  if (!isMadeHere) return null
  const outer = tree.nodes.flatMap((node) => {
    const member = isCall(node) ? memberOf(node.callee) : null
    const isItsOwn = member?.object.type === 'Identifier' && member.object.name === name
    return isCall(node) && isItsOwn && /^(?:use|all|param)$/.test(member.name) ? node.arguments : []
  })
  const before = [...outer, ...route.arguments.slice(1, -1)]
  const handler = route.arguments.at(-1)
  if (handler === undefined || !before.every(isLogin) || !isPlain(tree, handler)) return null
  const names = before.flatMap((each) => (each.type === 'Identifier' ? each.name : []))
  return names.some((each) => isOfAdministrators(tree, each)) ? null : names
}

/** `import { authenticate } from './admin-auth'` */
function isOfAdministrators(tree: SourceTree, name: string): boolean {
  return tree.nodes.some(
    (node) =>
      node.type === 'ImportDeclaration' &&
      ROLE.test(node.source.value) &&
      node.specifiers.some(({ local }) => local.name === name),
  )
}

/** `app.use('/admin', authenticate, adminRouter)`: nothing else is put around a router. */
export function plainMountOf(router: string): RegExp {
  return new RegExp(
    String.raw`\buse\(\s{0,20}(?:['"\x60][^'"\x60\n]{0,100}['"\x60]\s{0,20},\s{0,20})?(?:${LOGIN}\s{0,20},\s{0,20}){0,3}${router}\s{0,20},?\s{0,20}\)`,
  )
}

/** Words of code that may ask for more than a login. */
export const ROLE = /role|admin|staff|permi|abilit|polic|forbid|scope|tenant|superuser/i

/** What may keep others out of all routes that a file puts together. */
export const KEEPS_OUT =
  /\b(?:require|check|is|has|verify|only|ensure|assert|authori[sz]e|restrict|allow|permit)\w{0,40}(?:admin|role|permi|staff)|\b(?:authori[sz]e|restrictTo|rbac|acl|casbin|adminOnly|admin_?(?:auth|guard|middleware|only))/i

/** Whether the code around a place that answers a request may ask who sends it. */
export function asksWho(tree: SourceTree, place: Node): boolean {
  let inner: Node | null = null
  for (let next = tree.parentOf(place); next !== null; next = tree.parentOf(next)) {
    if (next.type === 'ClassMethod' || next.type === 'ObjectMethod') {
      inner = next
      break
    }
    if (isFunction(next) || next.type === 'VariableDeclarator') inner = next
  }
  const text = inner === null ? '' : textOfNode(tree.text, inner)
  return /\b(?:req|request|ctx|context|c)\b/.test(text)
    ? mayAsk(text)
    : /\brole\s*[!=]==?|\.role\b|permission|forbid|isAdmin/i.test(text)
}

/** `authenticate`, `requireAuth`, `verifyToken`: names that say nothing of a role. */
const LOGIN =
  '(?:authenticate(?:d|User|Token|JWT|Jwt)?|auth|authMiddleware|(?:require|check|ensure|is|verify|use)(?:Auth|Authenticated|Authentication|Login|LoggedIn|SignedIn|Session|Token|Jwt|JWT)|protect|jwtAuth)'
const IS_LOGIN = new RegExp(`^${LOGIN}$`)

function isLogin(node: Node): boolean {
  return node.type === 'Identifier' && IS_LOGIN.test(node.name)
}

/** A handler of another file, which is asked by itself, or one here that asks for no role. */
function isPlain(tree: SourceTree, given: Node): boolean {
  const handler = unwrap(given)
  if (isFunction(handler)) return !mayAsk(textOfNode(tree.text, handler))
  if (handler.type === 'Identifier' || memberOf(handler) !== null) return true
  if (!isCall(handler) || handler.arguments.length !== 1) return false
  const [inner] = handler.arguments
  const isBound = memberOf(handler.callee)?.name === 'bind'
  const isWrapped = handler.callee.type === 'Identifier' && /^(?:async|catch|wrap)/i.test(handler.callee.name)
  return isBound || (isWrapped && inner !== undefined && isPlain(tree, inner))
}

function mayAsk(text: string): boolean {
  return ROLE.test(text.replace(/\w{0,60}admin\w{0,60}(?:service|controller)\b|\brole\w{0,20}: true/gi, ''))
}
