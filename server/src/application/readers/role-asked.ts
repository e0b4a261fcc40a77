import type { Node } from '@babel/types'
import { isExit, isForAllBehind } from '../selects/guards'
import { isCall, isFunction, memberOf, placeOf, textOfNode, unwrap, type CallNode, type SourceTree } from '../syntax'
import { awaited, nameOf } from '../called-names'
import { askedTree, believed, isOfOthers, isRoleText, MOST_NAMES, type AskedTree, type LetsOn } from './role-tests'
import { CHECK, GUARD_NAME, hasRoleWord, isOneOfOthers } from '../role-words'

/**
 * Whether code before or around a place turns everyone away who lacks a role or a permission: `requirePermission(…)`,
 * `if (!(await getAdmin())) return …`, `@Permissions(…)`, `withStaff(async () => …)`, `adminProcedure.query(…)`. A login is
 * no role. What is not recognized asks for nothing.
 */
export function asksForRole(source: SourceTree, place: Node, doubted: ReadonlySet<string>, letsOn: LetsOn): boolean {
  const tree = askedTree(source, doubted, letsOn)
  let child = place
  for (let parent = tree.parentOf(child); parent !== null; child = parent, parent = tree.parentOf(child)) {
    if (parent.type === 'BlockStatement' || parent.type === 'Program') {
      if (firstGuard(tree, parent) < placeOf(child).start) return true
    } else if (isCall(parent)) {
      if (parent.callee !== child && isRoleCall(tree, parent, child)) return true
      if (isProcedure(parent) && isRoleProcedure(tree, rootOf(parent))) return true
    } else if ('decorators' in parent && parent.decorators) {
      const decorators = parent.decorators.map(({ expression }) => expression)
      // `@Public()` on a method lifts what is on its class.
      if (parent.type === 'ClassMethod' && decorators.some((each) => PUBLIC.test(nameOf(each)))) return false
      if (decorators.some((each) => isRoleDecorator(tree, each))) return true
      // `@Roles('CUSTOMER')` on a method takes the place of that on its class.
      if (decorators.some((each) => /roles?$/i.test(nameOf(each)))) return false
    }
    const declared =
      parent.type === 'FunctionDeclaration' || (parent.type === 'VariableDeclarator' && isFunction(child))
        ? parent.id
        : null
    // `export default withStaff(handler)`
    const names = declared?.type === 'Identifier' ? tree.identifiersNamed(declared.name) : []
    for (const each of names.slice(0, MOST_NAMES)) {
      const call = tree.parentOf(each)
      if (isCall(call) && call.callee !== each && isRoleCall(tree, call, each)) return true
    }
  }
  return false
}

/** Whether a component turns such people away from what is inside it: a layout, not a menu's entry beside it. */
export function turnsAwayByRole(source: SourceTree, doubted: ReadonlySet<string>, letsOn: LetsOn): boolean {
  const tree = askedTree(source, doubted, letsOn)
  return tree.nodes.some(
    (node) =>
      isFunction(node) &&
      node.body.type === 'BlockStatement' &&
      /\bchildren\b/.test(textOfNode(tree.text, node)) &&
      firstGuard(tree, node.body) < Infinity,
  )
}

/** tRPC's procedures are requested by themselves. */
export function isInProcedure(tree: SourceTree, place: Node): boolean {
  for (let next = tree.parentOf(place); next !== null; next = tree.parentOf(next)) if (isProcedure(next)) return true
  return false
}

/** Whether other programs may request a function of the module at a place: the file, or the function, says so itself. */
export function isServerAction(tree: SourceTree, place: Node): boolean {
  for (let next: Node | null = place; next !== null; next = tree.parentOf(next)) {
    if (next.type !== 'BlockStatement' && next.type !== 'Program') continue
    if (next.directives.some(({ value }) => value.value === 'use server')) return true
  }
  return false
}

/** Where the first statement of a block asks for a role. A block with thousands of calls in it is read once. */
function firstGuard(tree: AskedTree, block: Extract<Node, { type: 'BlockStatement' | 'Program' }>): number {
  const known = tree.guards.get(block)
  if (known !== undefined) return known
  // For a function that calls itself.
  tree.guards.set(block, Infinity)
  const guard = block.body.find((statement) => isGuard(tree, statement, block.type === 'Program'))
  const start = guard === undefined ? Infinity : placeOf(guard).start
  tree.guards.set(block, start)
  return start
}

function isGuard(tree: AskedTree, statement: Node, isOuter: boolean): boolean {
  return saysGuard(tree, statement, isOuter) && (isOuter || !tree.letsOn({ kind: 'statement', node: statement }))
}

function saysGuard(tree: AskedTree, statement: Node, isOuter: boolean): boolean {
  // What a module does once asks nobody, other than what it puts before its routes.
  if (isOuter) {
    const done = statement.type === 'ExpressionStatement' ? awaited(statement.expression) : null
    return isCall(done) && isForAllBehind(done) && done.arguments.some((each) => isGate(tree, each))
  }
  if (statement.type === 'IfStatement') {
    const { consequent, test } = statement
    return isExit(consequent) && (isOfOthers(tree, test) || isAnswerOfOwnGuard(tree, test))
  }
  if (statement.type === 'TryStatement') {
    const { block, handler } = statement
    return (handler === null || handler === undefined || isExit(handler.body)) && firstGuard(tree, block) < Infinity
  }
  if (statement.type === 'VariableDeclaration')
    return statement.declarations.some(({ init }) => init && turnsAway(tree, init, REQUIRES))
  if (statement.type !== 'ExpressionStatement') return false
  const done = awaited(statement.expression)
  if (isCall(done) && isForAllBehind(done)) return done.arguments.some((each) => isGate(tree, each))
  return turnsAway(tree, statement.expression, CHECKS)
}

/** `@MinRole(Role.ADMIN)`, `@RequirePermissions('users.read')`, `@UseGuards(StaffGuard)`; a guard of roles asks for those named beside it. */
function isRoleDecorator(tree: AskedTree, decorator: Node): boolean {
  const name = nameOf(decorator)
  if (tree.doubted.has(name)) return false
  const given = isCall(decorator) ? decorator.arguments.map((each) => believed(tree, textOfNode(tree.text, each))) : []
  if (PERMISSION.test(name)) return true
  if (name === 'UseGuards') {
    const guards = isCall(decorator) ? decorator.arguments : []
    const isAsked = (text: string) => /(?:admin|staff|permissions?)\w*guard/i.test(text)
    return guards.some((node, at) => isAsked(given[at] ?? '') && !tree.letsOn({ kind: 'guard', node }))
  }
  return (
    /role|^auth/i.test(name) &&
    given.some((each) => /admin|staff|manager|moderator/i.test(each)) &&
    !given.some(isOneOfOthers)
  )
}

/** The names of the decorators in a file. */
export function decoratorsIn(tree: SourceTree): string[] {
  const names = tree.nodes.flatMap((node) => {
    const decorators = 'decorators' in node && node.decorators ? node.decorators : []
    return decorators.map(({ expression }) => nameOf(expression))
  })
  return [...new Set(names)]
}

const PUBLIC = /^(?:Is)?Public|^(?:Skip|No)Auth|^AllowAnonymous/

/** `requireRole(…)` and `requireUser({ role: 'ADMIN' })`, which throw or redirect. */
function turnsAway(tree: AskedTree, value: Node, pattern: RegExp): boolean {
  const call = awaited(value)
  if (!isCall(call)) return false
  const own = ownGuard(tree, call)
  if (own !== null && !isLeftByReturn(own)) return true
  // A promise that nobody waits for. Only what is given the user may answer at once: `assertAdmin(user)`.
  if (unwrap(value) === call && call.arguments.length === 0) return false
  return pattern.test(nameOf(call)) && isRoleText(tree, textOfNode(tree.text, call)) && !tree.unverified.has(call)
}

/** The statement that asks for a role in the function of the file that is called: `await guard()`. */
function ownGuard(tree: AskedTree, { callee }: CallNode): Node | null {
  const names = callee.type === 'Identifier' ? tree.identifiersNamed(callee.name) : []
  for (const each of names.slice(0, MOST_NAMES)) {
    const parent = tree.parentOf(each)
    const fn = parent?.type === 'VariableDeclarator' && parent.id === each ? parent.init : parent
    const isIt = fn !== parent || (fn?.type === 'FunctionDeclaration' && fn.id === each)
    if (!isIt || !fn || !isFunction(fn) || fn.body.type !== 'BlockStatement') continue
    const start = firstGuard(tree, fn.body)
    const guard = fn.body.body.find((statement) => placeOf(statement).start === start)
    if (guard !== undefined) return guard
  }
  return null
}

/** Whether a guard only ends its own function, whose caller goes on. */
function isLeftByReturn(guard: Node): boolean {
  const left =
    guard.type === 'IfStatement' ? guard.consequent : guard.type === 'TryStatement' ? guard.handler?.body : null
  const statements = left?.type === 'BlockStatement' ? left.body : [left]
  return statements.some(
    (each) => each?.type === 'ReturnStatement' && !/^(?:redirect|notFound)$/.test(nameOf(each.argument ?? each)),
  )
}

/** `if (denied) return denied` after `const denied = await guard()`, or `if (!auth.user)`. */
function isAnswerOfOwnGuard(tree: AskedTree, test: Node): boolean {
  const inner = test.type === 'UnaryExpression' ? unwrap(test.argument) : unwrap(test)
  const object = memberOf(inner)?.object ?? inner
  if (object.type !== 'Identifier') return false
  return tree
    .identifiersNamed(object.name)
    .slice(0, MOST_NAMES)
    .some((each) => {
      const holder = tree.parentOf(each)
      const call =
        holder?.type === 'VariableDeclarator' && holder.id === each && holder.init ? awaited(holder.init) : null
      return placeOf(each).start < placeOf(object).start && isCall(call) && ownGuard(tree, call) !== null
    })
}

const REQUIRES = /^(?:require|assert|ensure|enforce|only|guard|must|authori[sz]e)|Or(?:Redirect|Throw|Fail)/i
const CHECKS =
  /^(?:require|assert|ensure|enforce|only|guard|must|authori[sz]e|check|verify|validate|protect)|Or(?:Redirect|Throw|Fail)/i

/** `withStaff(…)`, `requireRole('ADMIN')(…)`, `router.get('/users', permit('users.read'), …)` around a part of it. */
function isRoleCall(tree: AskedTree, call: CallNode, part: Node): boolean {
  const name = nameOf(call)
  const others = call.arguments.filter((each) => each !== part && !isFunction(each))
  const isWrapped = () => !tree.letsOn({ kind: 'wrapper', node: call, handler: part })
  if (WRAPS.test(name))
    return [call.callee, ...others].some((each) => isRoleText(tree, textOfNode(tree.text, each))) && isWrapped()
  if (isCall(unwrap(call.callee))) return isCheck(tree, unwrap(call.callee)) && isWrapped()
  return ROUTES.test(memberOf(call.callee)?.name ?? '') && others.some((each) => isGate(tree, each))
}

/** Middleware that asks for a role. */
function isGate(tree: AskedTree, node: Node): boolean {
  return isCheck(tree, node) && !tree.letsOn({ kind: 'middleware', node })
}

const WRAPS = /^(?:with|require|protect|guard|secure|only|admin|staff|authori[sz]e|auth)/i
const ROUTES = /^(?:get|post|put|patch|delete|all|route|use|register|group)$/

/** `requireAdmin`, `auth.permit('users.read')`, `[authenticate, isStaff]`, `{ preHandler: [isStaff] }` */
function isCheck(tree: AskedTree, given: Node): boolean {
  const node = unwrap(given)
  if (node.type === 'ArrayExpression') return node.elements.some((each) => each !== null && isCheck(tree, each))
  if (node.type === 'ObjectExpression') {
    return node.properties.some(
      (each) =>
        each.type === 'ObjectProperty' &&
        /^(?:pre|on|before|middleware)/i.test(nameOf(each.key)) &&
        isCheck(tree, each.value),
    )
  }
  if (!isCall(node) && node.type !== 'Identifier' && memberOf(node) === null) return false
  const isNamed = isCall(node) ? CHECK.test(nameOf(node)) : GUARD_NAME.test(nameOf(node))
  return isNamed && isRoleText(tree, textOfNode(tree.text, node))
}

const PERMISSION = /^(?:Require|Check|Has|Need)?(?:Permission|Abilit|Polic)/

function isProcedure(node: Node): boolean {
  return (
    isCall(node) &&
    /^(?:query|mutation)$/.test(memberOf(node.callee)?.name ?? '') &&
    /procedure/i.test(nameOf(rootOf(node)))
  )
}

function isRoleProcedure(tree: AskedTree, procedure: Node): boolean {
  return hasRoleWord(believed(tree, nameOf(procedure))) && !tree.letsOn({ kind: 'procedure', node: procedure })
}

/** `adminProcedure` of `adminProcedure.input(…).query(…)` */
function rootOf(node: Node): Node {
  const object = isCall(node) ? unwrap(node.callee) : memberOf(node)?.object
  return object === undefined ? node : rootOf(object)
}
