import type { Node } from '@babel/types'
import { isExit, isForAllBehind } from '../selects/guards'
import {
  isCall,
  isFunction,
  memberOf,
  placeOf,
  textOfNode,
  unwrap,
  type CallNode,
  type FunctionNode,
  type SourceTree,
} from '../syntax'

/**
 * Whether code before or around a place turns everyone away who lacks a role or a permission: `requirePermission(…)`,
 * `if (!(await getAdmin())) return …`, `@Permissions(…)`, `withStaff(async () => …)`, `adminProcedure.query(…)`. A login is
 * no role. What is not recognized asks for nothing.
 */
export function asksForRole(source: SourceTree, place: Node, doubted: ReadonlySet<string>): boolean {
  const tree = askedTree(source, doubted)
  let child = place
  for (let parent = tree.parentOf(child); parent !== null; child = parent, parent = tree.parentOf(child)) {
    if (parent.type === 'BlockStatement' || parent.type === 'Program') {
      if (firstGuard(tree, parent) < placeOf(child).start) return true
    } else if (isCall(parent)) {
      if (parent.callee !== child && isRoleCall(tree, parent, child)) return true
      if (isProcedure(parent) && hasRoleWord(believed(tree, nameOf(rootOf(parent))))) return true
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
export function turnsAwayByRole(source: SourceTree, doubted: ReadonlySet<string>): boolean {
  const tree = askedTree(source, doubted)
  return tree.nodes.some(
    (node) =>
      isFunction(node) &&
      node.body.type === 'BlockStatement' &&
      /\bchildren\b/.test(textOfNode(tree.text, node)) &&
      firstGuard(tree, node.body) < Infinity,
  )
}

/** The components around all that the component at a place shows: `Shell` of `return <Shell>…</Shell>`. */
export function componentsAround(tree: SourceTree, place: Node): string[] {
  for (let next = tree.parentOf(place); next !== null; next = tree.parentOf(next)) {
    const names = isFunction(next) ? returnedBy(next).flatMap(outermostOf) : []
    if (names.length > 0) return names
  }
  return []
}

function returnedBy({ body }: FunctionNode): Node[] {
  if (body.type !== 'BlockStatement') return [body]
  return body.body.flatMap((each) => (each.type === 'ReturnStatement' && each.argument ? each.argument : []))
}

function outermostOf(given: Node): string[] {
  const node = unwrap(given)
  if (node.type !== 'JSXElement' && node.type !== 'JSXFragment') return []
  const [only, ...others] = node.children.filter((each) => each.type !== 'JSXText' || each.value.trim() !== '')
  const inner = only === undefined || others.length > 0 ? [] : outermostOf(only)
  const name = node.type === 'JSXElement' ? node.openingElement.name : null
  return name?.type === 'JSXIdentifier' ? [name.name, ...inner] : inner
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

const MOST_NAMES = 100

interface AskedTree extends SourceTree {
  /** Functions whose own code asks for no role, whatever their names say. */
  readonly doubted: ReadonlySet<string>
  readonly guards: Map<Node, number>
}

const ASKED = new WeakMap<SourceTree, Map<string, AskedTree>>()

function askedTree(tree: SourceTree, doubted: ReadonlySet<string>): AskedTree {
  const known = ASKED.get(tree) ?? new Map<string, AskedTree>()
  ASKED.set(tree, known)
  const key = [...doubted].join()
  const asked = known.get(key) ?? { ...tree, doubted, guards: new Map<Node, number>() }
  known.set(key, asked)
  return asked
}

/** Whether the code that a file declares under a name asks for no role: `adminLimiter = rateLimit({ … })`. */
export function asksNothing(tree: SourceTree, name: string): boolean {
  const declared = tree.identifiersNamed(name).flatMap((each) => {
    const holder = tree.parentOf(each)
    if (holder?.type === 'VariableDeclarator' && holder.id === each) return holder.init ?? []
    const isNamed = holder?.type === 'FunctionDeclaration' || holder?.type === 'ClassDeclaration'
    return isNamed && holder.id === each ? holder : []
  })
  return (
    declared.length > 0 &&
    declared.every((each) => {
      const text = textOfNode(tree.text, each).replace(NO_CODE, '')
      const names = [name, ...[...text.matchAll(VARIABLE)].flatMap(([, variable]) => variable ?? [])]
      const code = text.replace(OF_REQUEST, '').replace(new RegExp(String.raw`\b(?:${names.join('|')})\b`, 'g'), '')
      return !hasRoleWord(code) && !CAN.test(code)
    })
  )
}

/** A name that code gives to a value says nothing about the value. */
const VARIABLE = /\b(?:const|let|var)\s{1,9}(\w{1,60})/g

/** Comments and messages. */
const NO_CODE = /\/\*[^]*?\*\/|\/\/[^\n]*|'[^'\n]*\s[^'\n]*'|"[^"\n]*\s[^"\n]*"|`[^`]*\s[^`]*`/g

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
  // What a module does once asks nobody, other than what it puts before its routes.
  if (isOuter) {
    const done = statement.type === 'ExpressionStatement' ? awaited(statement.expression) : null
    return isCall(done) && isForAllBehind(done) && done.arguments.some((each) => isCheck(tree, each))
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
  if (isCall(done) && isForAllBehind(done)) return done.arguments.some((each) => isCheck(tree, each))
  return turnsAway(tree, done, CHECKS)
}

/** `@MinRole(Role.ADMIN)`, `@RequirePermissions('users.read')`, `@UseGuards(StaffGuard)`; a guard of roles asks for those named beside it. */
function isRoleDecorator(tree: AskedTree, decorator: Node): boolean {
  const name = nameOf(decorator)
  const given = isCall(decorator) ? decorator.arguments.map((each) => believed(tree, textOfNode(tree.text, each))) : []
  if (PERMISSION.test(name)) return true
  if (name === 'UseGuards') return given.some((each) => /(?:admin|staff|permissions?)\w*guard/i.test(each))
  return (
    /role|^auth/i.test(name) &&
    given.some((each) => /admin|staff|manager|moderator/i.test(each)) &&
    !given.some(isOneOfOthers)
  )
}

const PUBLIC = /^(?:Is)?Public|^(?:Skip|No)Auth|^AllowAnonymous/

/** `requireRole(…)` and `requireUser({ role: 'ADMIN' })`, which throw or redirect. */
function turnsAway(tree: AskedTree, value: Node, pattern: RegExp): boolean {
  const call = awaited(value)
  if (!isCall(call)) return false
  const own = ownGuard(tree, call)
  if (own !== null && !isLeftByReturn(own)) return true
  return pattern.test(nameOf(call)) && isRoleText(tree, textOfNode(tree.text, call))
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

/** The test of an `if` that is true for everyone who lacks a role. */
function isOfOthers(tree: AskedTree, given: Node): boolean {
  const test = unwrap(given)
  if (test.type === 'LogicalExpression') {
    const sides = [test.left, test.right].map((side) => isOfOthers(tree, side))
    return test.operator === '&&' ? sides.every(Boolean) : sides.some(Boolean)
  }
  if (test.type === 'UnaryExpression' && test.operator === '!') return isAboutRoles(tree, test.argument)
  if (test.type === 'BinaryExpression') {
    const { left, right, operator } = test
    if (operator === 'instanceof') return isAboutRoles(tree, left)
    if (operator === 'in') return isAboutRoles(tree, right)
    if (/^!==?$/.test(operator)) return isAboutRoles(tree, test)
    return /^===?$/.test(operator) && isAboutRoles(tree, left) && LACKS.test(textOfNode(tree.text, right))
  }
  return /error|denied|forbidden|response|unauthorized/i.test(nameOf(test)) && isAboutRoles(tree, test)
}

const LACKS = /^(?:null|undefined|false|['"](?:user|customer|client|member|guest)['"])$/i

/** Whether a value says what somebody may do: by its own name, or by what its name was given. */
function isAboutRoles(tree: AskedTree, value: Node, depth = 2): boolean {
  const { start } = placeOf(value)
  const node = unwrap(value)
  if (node.type === 'LogicalExpression') {
    // `isAdmin(user) || order.userId === user.id` lets others in.
    const sides = [node.left, node.right].map((side) => isAboutRoles(tree, side, depth))
    return node.operator === '&&' ? sides.some(Boolean) : sides.every(Boolean)
  }
  const given = node.type === 'Identifier' && depth > 0 ? declarationOf(tree, node.name, start) : null
  if (given !== null && unwrap(given).type === 'LogicalExpression') return isAboutRoles(tree, given, depth - 1)
  let text = textOfNode(tree.text, value)
  let isAllowed = CAN.test(text)
  for (let round = 0; round < 2; round++) {
    text = text.slice(0, LONGEST).replace(/(?<![.\w])[A-Za-z_]\w*/g, (name) => valueOf(tree, name, start) ?? name)
    isAllowed ||= CAN.test(text)
  }
  const own = text.replace(OF_REQUEST, '').replace(OF_RECORDS, '')
  return (hasRoleWord(believed(tree, own)) || isAllowed) && !isOneOfOthers(text) && (own === text || VISITOR.test(own))
}

/** The same in words. */
function valueOf(tree: AskedTree, name: string, before: number): string | null {
  const value = declarationOf(tree, name, before)
  // What is read of a record says nothing about who asks for it.
  return value === null ? null : textOfNode(tree.text, value).replace(SELECTED, '').slice(0, LONGEST)
}

/** What the nearest declaration of a name before an offset gives it. */
function declarationOf(tree: AskedTree, name: string, before: number): Node | null {
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
  return value
}

const SELECTED = /\b(?:select|include)\s*:[^]*/
const LONGEST = 300

/** Who asks, beside what they ask for. */
const VISITOR = /session|auth|token|payload|decoded|claims|cookie|user_?id|user\??\.(?:id|email|sub)\b/i

/** What the request asks for, also in its cookies and headers; settings of the program. */
const OF_REQUEST =
  /\bprocess\.env\b|\b(?:config|settings|flags|features)(?:\??\.\w+)+|\b\w*(?:[cC]ookies?|[hH]eaders?)\w*(?:\(\))?\)*[!?]?\.(?:get\(['"`][^'"`]*['"`]\)|\w+)|\b\w*(?:[cC]ookies?|[hH]eaders?)\[['"][^'"\]]*['"]\]|\b(?:params|query|searchParams|body|input|json\(\))(?:\??\.\w+)*(?:\(['"]\w*['"]\))?|\b\w+\.(?:safeParse|parse|validate)\w*\(/g

/** The records that are read by it. */
const OF_RECORDS = /\b\w+\.\w+\.(?:find|count)\w*\(/g

/** `withStaff(…)`, `requireRole('ADMIN')(…)`, `router.get('/users', permit('users.read'), …)` around a part of it. */
function isRoleCall(tree: AskedTree, call: CallNode, part: Node): boolean {
  const name = nameOf(call)
  const others = call.arguments.filter((each) => each !== part && !isFunction(each))
  if (WRAPS.test(name)) return [call.callee, ...others].some((each) => isRoleText(tree, textOfNode(tree.text, each)))
  if (isCall(unwrap(call.callee))) return isCheck(tree, unwrap(call.callee))
  return ROUTES.test(memberOf(call.callee)?.name ?? '') && others.some((each) => isCheck(tree, each))
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
  return !isCall(node) || CHECK.test(nameOf(node)) ? isRoleText(tree, textOfNode(tree.text, node)) : false
}

const CHECK =
  /^(?:require|assert|ensure|enforce|authori[sz]e|restrict|check|has|is|allow|permit|verify|use|only|guard|must|protect|validate|can|with|auth|roles?|rbac|acl|admin|staff|permission)/i

/** Without the names of functions that ask nothing. */
function believed(tree: AskedTree, text: string): string {
  return text.replaceAll(/\b[A-Za-z_]\w*/g, (name) => (tree.doubted.has(name) ? '' : name))
}

function isRoleText(tree: AskedTree, given: string): boolean {
  const text = believed(tree, given)
  return (hasRoleWord(text) || CAN.test(text)) && !isOneOfOthers(text)
}

/** Roles of those who are no staff: `'CUSTOMER'`, `Role.USER`. */
function isOneOfOthers(text: string): boolean {
  return OTHERS.test(text) || OR_OTHERS.test(text)
}

const OTHERS =
  /(?:['"]|roles?\.)(?:customer|client|member|guest|student|buyer|tenant|user|seller|vendor|patient|parent|driver|candidate|applicant|subscriber|visitor|participant|donor|passenger|rider|resident|host)s?(?!\w|\.\w)/i

/** `requireAdminOrSelf`, `isOwnerOrAdmin` */
const OR_OTHERS = /Or(?:Owner|Self|Own|User|Author|Member|Customer|Client)|(?:[oO]wner|[sS]elf)Or[A-Z]/

/** Whether code has words of a role or a permission; `availability` is none. */
export function hasRoleWord(code: string): boolean {
  return /role|admin|staff|moderator|permi|superuser/i.test(code) || /[pP]erms?\b|(?:\ba|A)bilit/.test(code)
}

/** `canManageUsers`, `can(user, 'users.read')`; `canView(user, order)` may let the owner of a record in. */
const CAN = /\bcan(?:[A-Z]\w{0,60})?\((?:[^(),]{0,200}\)|[^()]{0,200}['"])|\bcan[A-Z]\w{0,60}(?![\w(])/

const PERMISSION = /^(?:Require|Check|Has|Need)?(?:Permission|Abilit|Polic)/

function isProcedure(node: Node): boolean {
  return (
    isCall(node) &&
    /^(?:query|mutation)$/.test(memberOf(node.callee)?.name ?? '') &&
    /procedure/i.test(nameOf(rootOf(node)))
  )
}

/** `adminProcedure` of `adminProcedure.input(…).query(…)` */
function rootOf(node: Node): Node {
  const object = isCall(node) ? unwrap(node.callee) : memberOf(node)?.object
  return object === undefined ? node : rootOf(object)
}

function awaited(node: Node): Node {
  const inner = unwrap(node)
  return inner.type === 'AwaitExpression' ? unwrap(inner.argument) : inner
}

/** `requireAdmin` of `requireAdmin(…)`, of `this.auth.requireAdmin(…)` and of `requireAdmin` itself. */
function nameOf(node: Node): string {
  const inner = awaited(node)
  const called = isCall(inner) ? unwrap(inner.callee) : inner
  return memberOf(called)?.name ?? (called.type === 'Identifier' ? called.name : '')
}
