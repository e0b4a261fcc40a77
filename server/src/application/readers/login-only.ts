import type { Node } from '@babel/types'
import { isCall, memberOf, textOfNode, type SourceTree } from '../syntax'
import { addressOfFile } from './addresses'

interface Workspace {
  readonly treeOf: (path: string) => SourceTree | null
  readonly shown: (path: string) => string
  readonly filesWith: (word: string) => readonly string[]
  readonly has: (path: string, word: string) => boolean
}

/**
 * Whether a route certainly lets anyone in who is logged in, in spite of its address: its own guard asks for no role
 * (`@UseGuards(JwtAuthGuard)`, `getServerSession()`), lets people in elsewhere, and no other guard is in sight.
 */
export function asksOnlyForLogin(tree: SourceTree, route: Node, workspace: Workspace): boolean {
  return route.type === 'ClassMethod' ? isOpenMethod(tree, route, workspace) : isOpenHandler(tree, route, workspace)
}

/** Of a controller of NestJS. */
function isOpenMethod(tree: SourceTree, method: Extract<Node, { type: 'ClassMethod' }>, workspace: Workspace): boolean {
  const body = tree.parentOf(method)
  const holder = body === null ? null : tree.parentOf(body)
  const decorators = [
    ...(method.decorators ?? []),
    ...(holder?.type === 'ClassDeclaration' ? (holder.decorators ?? []) : []),
  ].map(({ expression }) => expression)
  const guards = decorators.flatMap((each) => (isCall(each) && nameOf(each) === 'UseGuards' ? each.arguments : []))
  const others = decorators.filter((each) => !KNOWN_DECORATOR.test(nameOf(each)))
  if (guards.length === 0 || others.length > 0 || mayAskForRole(textOfNode(tree.text, method))) return false
  return (
    guards.every((each) => LOGIN_GUARD.test(nameOf(each)) && !mayAskForRole(textOfNode(tree.text, each))) &&
    OUTER_GUARDS.every((word) => workspace.filesWith(word).length === 0) &&
    guards.some((each) =>
      workspace
        .filesWith(nameOf(each))
        .some((path) => isForOthers(workspace.shown(path)) && workspace.has(path, 'UseGuards')),
    )
  )
}

/** Of a file that Next.js serves by its place. */
function isOpenHandler(tree: SourceTree, handler: Node, workspace: Workspace): boolean {
  const source = textOfNode(tree.text, handler)
  const session = SESSION.exec(source)?.[1]
  if (session === undefined || !LEAVES.test(source) || mayAskForRole(source) || CHECKS.test(source)) return false
  const outer = ['matcher', 'middleware', '/middleware', 'proxy'].flatMap((word) => workspace.filesWith(word))
  return (
    !outer.some((path) => MIDDLEWARE.test(path) && mayAskForRole(workspace.treeOf(path)?.text ?? 'role')) &&
    workspace.filesWith(session).some((path) => {
      const shown = workspace.shown(path)
      return isForOthers(shown) && addressOfFile(shown) !== null
    })
  )
}

function isForOthers(shown: string): boolean {
  return !/admin|staff|office/i.test(shown)
}

/** `this.adminService.getUsers()` asks for nothing. */
function mayAskForRole(source: string): boolean {
  return /role|admin|staff|permi|abilit|polic|forbid|scope|tenant|superuser/i.test(
    source.replace(/\w{0,60}admin\w{0,60}(?:service|controller)\b/gi, ''),
  )
}

/** `JwtAuthGuard`, `AuthGuard('jwt')` */
const LOGIN_GUARD = /^(?:(?:Jwt|Session|Token|AccessToken|Bearer|Passport|Firebase|Clerk|Supabase)?Auth|Jwt)Guard$/

/** What NestJS and its documentation declare; any other decorator may be a guard. */
const KNOWN_DECORATOR =
  /^(?:UseGuards|Controller|Get|HttpCode|Header|Version|UseInterceptors|SerializeOptions|Throttle|SkipThrottle|CacheTTL|CacheKey|Api\w+)$/

/** Where guards and middleware are put around routes. */
const OUTER_GUARDS = ['APP_GUARD', 'useGlobalGuards', 'forRoutes']

const SESSION = /(?<![.\w])(getServerSession|auth)\(/
/** `if (!session?.user) return …` */
const LEAVES = /\bif\s{0,9}\(\s{0,9}!\s{0,9}\w{0,60}(?:session|auth|user)/i
const CHECKS = /\b(?:require|check|verify|assert|ensure|guard|can|has|is|with)[A-Z]\w{0,60}\(/
const MIDDLEWARE = /(?:^|[\\/])(?:middleware|proxy)\.[cm]?[jt]s$/

function nameOf(node: Node): string {
  const called = isCall(node) ? node.callee : node
  return memberOf(called)?.name ?? (called.type === 'Identifier' ? called.name : '')
}
