import type { Node } from '@babel/types'
import { isCall, memberOf, textOfNode, type SourceTree } from '../syntax'
import { addressOfFile } from './addresses'
import { loginsBefore, ROLE } from './router-login'

interface Workspace {
  readonly shown: (path: string) => string
  readonly filesWith: (word: string) => readonly string[]
  readonly has: (path: string, word: string) => boolean
  /** Whether the text of a file has a pattern. */
  readonly matches: (path: string, pattern: RegExp) => boolean
}

/** What a route asks its visitors for, where that is certainly no role; without names, it asks for nothing. */
export type Login =
  /** `@UseGuards(JwtAuthGuard)` in NestJS. */
  | { readonly kind: 'guards'; readonly names: readonly string[] }
  /** `router.use(authenticate)` in Express. */
  | { readonly kind: 'router'; readonly names: readonly string[] }
  /** `getServerSession()` in a file that Next.js serves by its place. */
  | { readonly kind: 'session'; readonly name: string }

/** Null where a route, whose source is given, may ask for a role. */
export function loginOf(tree: SourceTree, route: Node | null, source: string): Login | null {
  if (isCall(route)) {
    const names = loginsBefore(tree, route)
    return names === null ? null : { kind: 'router', names }
  }
  if (mayAskForRole(source)) return null
  return route?.type === 'ClassMethod' ? guardsOf(tree, route) : sessionOf(source)
}

/**
 * Whether a route certainly lets anyone in who is logged in, in spite of its address: what it asks for lets people in
 * elsewhere, too, and no other guard is in sight.
 */
export function isForAnyLogin(login: Login, { shown, filesWith, has, matches }: Workspace): boolean {
  if (login.kind === 'guards') {
    return (
      OUTER_GUARDS.every((word) => filesWith(word).length === 0) &&
      (login.names.length === 0 ||
        login.names.some((name) => filesWith(name).some((path) => isForOthers(shown(path)) && has(path, 'UseGuards'))))
    )
  }
  if (login.kind === 'router') {
    return login.names.every((name) => {
      return filesWith(name).some(
        (path) => isForOthers(shown(path)) && matches(path, new RegExp(`[(,]\\s*${name}\\s*[,)]`)),
      )
    })
  }
  const outer = ['matcher', 'middleware', '/middleware', 'proxy'].flatMap((word) => filesWith(word))
  return (
    !outer.some((path) => MIDDLEWARE.test(path) && matches(path, ROLE)) &&
    filesWith(login.name).some((path) => isForOthers(shown(path)) && addressOfFile(shown(path)) !== null)
  )
}

function guardsOf(tree: SourceTree, method: Extract<Node, { type: 'ClassMethod' }>): Login | null {
  const body = tree.parentOf(method)
  const holder = body === null ? null : tree.parentOf(body)
  const decorators = [
    ...(method.decorators ?? []),
    ...(holder?.type === 'ClassDeclaration' ? (holder.decorators ?? []) : []),
  ].map(({ expression }) => expression)
  const guards = decorators.flatMap((each) => (isCall(each) && nameOf(each) === 'UseGuards' ? each.arguments : []))
  const isLogin = guards.every((each) => LOGIN_GUARD.test(nameOf(each)) && !mayAskForRole(textOfNode(tree.text, each)))
  const isKnown = decorators.every((each) => KNOWN_DECORATOR.test(nameOf(each)))
  if (!isLogin || !isKnown) return null
  return { kind: 'guards', names: guards.map(nameOf) }
}

function sessionOf(source: string): Login | null {
  const name = SESSION.exec(source)?.[1]
  return name === undefined || !LEAVES.test(source) || CHECKS.test(source) ? null : { kind: 'session', name }
}

function isForOthers(shown: string): boolean {
  return !/admin|staff|office/i.test(shown)
}

/** `this.adminService.getUsers()` asks for nothing. */
function mayAskForRole(source: string): boolean {
  return ROLE.test(source.replace(/\w{0,60}admin\w{0,60}(?:service|controller)\b/gi, ''))
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
