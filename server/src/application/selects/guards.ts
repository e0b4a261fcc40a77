import type { Node } from '@babel/types'
import { isCall, isFunction, memberOf, placeOf, unwrap, type CallNode, type SourceTree } from '../syntax'

/**
 * Whether only administrators get to a place: before it, its function turns everyone else away (`await requireAdmin()`,
 * `if (user.role !== 'ADMIN') return …`), or a decorator, a middleware or a wrapper around it does (`@Roles('ADMIN')`,
 * `router.get('/', requireAdmin, …)`, `withAdmin(…)`).
 */
export function isForAdministrators(tree: SourceTree, place: Node): boolean {
  let node = place
  for (let parent = tree.parentOf(node); parent !== null; node = parent, parent = tree.parentOf(node)) {
    if (parent.type === 'BlockStatement' || parent.type === 'Program') {
      if (firstGuard(tree, parent) < placeOf(node).start) return true
    } else if (isCall(parent)) {
      if (isGuardedBy(parent, node)) return true
    } else if ('decorators' in parent && parent.decorators) {
      const decorators = parent.decorators.map(({ expression }) => expression)
      // `@Public()` on a method lifts what is on its class.
      if (decorators.some((each) => PUBLIC.test(calledName(each)))) return false
      const roles = decorators.filter(isAboutRoles)
      if (roles.length > 0) return roles.some(isAdminCheck)
    }
  }
  return false
}

const PUBLIC = /^(?:Is)?Public|^(?:Skip|No)Auth|^AllowAnonymous/

/** Where the first statement of a block turns others away. A block with thousands of calls in it is read once. */
const GUARDS = new WeakMap<Node, number>()

function firstGuard(tree: SourceTree, block: Extract<Node, { type: 'BlockStatement' | 'Program' }>): number {
  const known = GUARDS.get(block)
  if (known !== undefined) return known
  const guard = block.body.find((statement) => isGuard(tree, statement))
  const place = guard === undefined ? Infinity : placeOf(guard).start
  GUARDS.set(block, place)
  return place
}

function isGuard(tree: SourceTree, statement: Node): boolean {
  if (statement.type === 'IfStatement') return isExit(statement.consequent) && isOfOthers(tree, statement.test)
  if (statement.type === 'VariableDeclaration') {
    return statement.declarations.some(({ init }) => init !== null && init !== undefined && turnsAway(awaited(init)))
  }
  if (statement.type !== 'ExpressionStatement') return false
  const done = awaited(statement.expression)
  if (isCall(done) && isForAllBehind(done)) return done.arguments.some(isAdminCheck)
  return turnsAway(done)
}

/** `router.use(authenticate, requireRole('ADMIN'))` is for all routes behind it, with a path only for those below. */
export function isForAllBehind({ callee, arguments: [first] }: CallNode): boolean {
  const isAll = first?.type !== 'StringLiteral' || /^[/*]*$/.test(first.value)
  return isAll && /^(?:use|addHook)$/.test(memberOf(callee)?.name ?? '')
}

/** A call that throws, redirects or answers for whoever is no administrator: `requireAdmin()`, `assertRole('ADMIN')`. */
function turnsAway(call: Node): boolean {
  return /^(?:require|assert|ensure|enforce|only|guard)/i.test(calledName(call)) && isAdminCheck(call)
}

/** The test of an `if` that is true for everyone who is no administrator. */
function isOfOthers(tree: SourceTree, given: Node): boolean {
  const test = unwrap(given)
  if (test.type === 'LogicalExpression') {
    const sides = [test.left, test.right].map((side) => isOfOthers(tree, side))
    return test.operator === '&&' ? sides.every(Boolean) : sides.some(Boolean)
  }
  if (test.type === 'BinaryExpression') {
    if (test.operator === 'instanceof') return comesFromCheck(tree, test.left)
    if (test.operator === 'in') return comesFromCheck(tree, test.right)
    if (!/^!==?$/.test(test.operator)) return false
    const sides = [test.left, test.right]
    return sides.some((side) => /role/i.test(nameOf(side))) && sides.some((side) => isAdminRole(roleOf(side)))
  }
  if (test.type === 'UnaryExpression' && test.operator === '!') {
    const kept = unwrap(test.argument)
    return isAdminCheck(awaited(kept)) || /^(?:is|has)\w*Admin/.test(nameOf(kept)) || comesFromCheck(tree, kept)
  }
  return /error|denied|forbidden|response/i.test(nameOf(test)) && comesFromCheck(tree, test)
}

/** `session` or `auth.error` after `const session = await verifyAdmin(request)`. */
function comesFromCheck(tree: SourceTree, value: Node): boolean {
  const root = unwrap(value)
  const inner = memberOf(root)
  if (inner !== null) return comesFromCheck(tree, inner.object)
  if (root.type !== 'Identifier') return false
  const { start } = placeOf(root)
  return tree.identifiersNamed(root.name).some((node) => {
    const holder = tree.parentOf(node)
    return (
      placeOf(node).start < start &&
      holder?.type === 'VariableDeclarator' &&
      holder.id === node &&
      holder.init !== null &&
      holder.init !== undefined &&
      isAdminCheck(awaited(holder.init))
    )
  })
}

/** `withAdmin(handler)`, `router.get('/users', requireAdmin, handler)`. */
function isGuardedBy(call: CallNode, node: Node): boolean {
  if (call.callee === node) return false
  if (/^(?:with|require|only|ensure|protect)\w*Admin|^admin(?:Only|Route|Handler|Action)/.test(calledName(call)))
    return true
  if (!/^(?:get|post|put|patch|delete|all|route|use)$/.test(memberOf(call.callee)?.name ?? '')) return false
  return call.arguments.some((argument) => argument !== node && !isFunction(argument) && isAdminCheck(argument))
}

function isAboutRoles(decorator: Node): boolean {
  return /role|admin/i.test(calledName(decorator)) || isAdminCheck(decorator)
}

/**
 * `requireAdmin`, `verifyAdminToken(…)`, `requireRole(user, ['ADMIN'])`, `@UseGuards(AdminGuard)`,
 * `['ADMIN', 'MANAGER'].includes(role)`: all roles in it are those of administrators.
 */
function isAdminCheck(given: Node): boolean {
  const check = unwrap(given)
  const name = calledName(check)
  if (CHECKS_ADMIN.test(name)) return true
  if (!isCall(check)) return false
  // NestJS asks each of them.
  if (name === 'UseGuards') return check.arguments.some(isAdminCheck)
  const list = name === 'includes' ? memberOf(check.callee)?.object : undefined
  const roles = (list === undefined ? check.arguments : [list]).flatMap(rolesIn)
  const isCheck = list === undefined ? CHECKS.test(name) : check.arguments.some((each) => /role/i.test(nameOf(each)))
  return isCheck && roles.some((role) => /admin|staff|moderator/i.test(role)) && roles.every(isAdminRole)
}

const CHECKS_ADMIN =
  /^(?:require|assert|ensure|enforce|verify|check|only|guard|is|has|authori[sz]e)[A-Z]?\w*Admin|^(?:Super|Platform)?Admin\w*Guard$|^(?:super)?admin(?:Only|Guard|Middleware|Required|Auth)/i

const CHECKS =
  /^(?:require|assert|ensure|enforce|authori[sz]e|restrict|check|has|allow|permit|verify|use|only|guard|auth$|roles?$)/i

/** The names of roles in the arguments of a check; what else it is given, such as the request, is not one. */
function rolesIn(given: Node): string[] {
  const node = given.type === 'SpreadElement' ? unwrap(given.argument) : unwrap(given)
  if (node.type === 'ArrayExpression') return node.elements.flatMap((each) => (each === null ? [] : rolesIn(each)))
  const role = roleOf(node)
  return role === '' ? [] : [role]
}

/** `'ADMIN'`, `Role.ADMIN`, `ADMIN_ROLES`, `AdminGuard`; empty for anything else. */
function roleOf(given: Node): string {
  const node = unwrap(given)
  if (node.type === 'StringLiteral') return node.value
  const member = memberOf(node)
  if (member !== null) return /role/i.test(nameOf(member.object)) || /^[A-Z_\d]+$/.test(member.name) ? member.name : ''
  return node.type === 'Identifier' && /^[A-Z]/.test(node.name) ? node.name : ''
}

export function isAdminRole(role: string): boolean {
  return /admin|super|staff|manager|moderator|owner|editor|support|operator/i.test(role)
}

export function isExit(statement: Node): boolean {
  if (statement.type === 'BlockStatement') return statement.body.some(isExit)
  if (statement.type === 'ReturnStatement' || statement.type === 'ThrowStatement') return true
  return (
    statement.type === 'ExpressionStatement' &&
    /^(?:redirect|notFound|forbidden|unauthorized)$/.test(calledName(awaited(statement.expression)))
  )
}

function awaited(node: Node): Node {
  const inner = unwrap(node)
  return inner.type === 'AwaitExpression' ? unwrap(inner.argument) : inner
}

/** `requireAdmin` of `requireAdmin(…)`, of `this.auth.requireAdmin(…)` and of `requireAdmin` itself. */
function calledName(node: Node): string {
  const inner = awaited(node)
  return nameOf(isCall(inner) ? inner.callee : inner)
}

function nameOf(node: Node): string {
  const inner = unwrap(node)
  return memberOf(inner)?.name ?? (inner.type === 'Identifier' ? inner.name : '')
}
