import type { Node } from '@babel/types'
import { isCall, isFunction, isWrapper, memberOf, propertyName, typeNameOf, unwrap, type SourceTree } from './syntax'
import { callsOf, enclosingFunction, parameterOf, referencesIn } from './references'

/** How the result of a call is used, from the least to the most. */
export type ResultUse = 'thrown-away' | 'parts' | 'own-markup' | 'argument' | 'returned' | 'shown' | 'cast'

const ORDER: readonly ResultUse[] = ['thrown-away', 'parts', 'own-markup', 'argument', 'returned', 'shown', 'cast']

/** Follows the value of an expression through its function: to a return, a response, or only to some of its fields. */
export function useOfResult(tree: SourceTree, expression: Node): ResultUse {
  return follow(tree, expression, new Set())
}

function strongest(uses: readonly ResultUse[]): ResultUse {
  return uses.reduce((best, use) => (ORDER.indexOf(use) > ORDER.indexOf(best) ? use : best), 'thrown-away')
}

function follow(tree: SourceTree, node: Node, visited: Set<Node>): ResultUse {
  if (visited.has(node)) return 'thrown-away'
  visited.add(node)
  const parent = tree.parentOf(node)
  if (parent === null) return 'thrown-away'
  const onwards = (next: Node): ResultUse => follow(tree, next, visited)
  if (isCast(parent)) {
    const use = onwards(parent)
    return use === 'thrown-away' || use === 'parts' ? use : 'cast'
  }
  if (isWrapper(parent) || parent.type === 'AwaitExpression' || parent.type === 'LogicalExpression') {
    const isTested = parent.type === 'LogicalExpression' && parent.operator === '&&' && parent.left === node
    return isTested ? 'parts' : onwards(parent)
  }
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the parser has some two hundred kinds of nodes
  switch (parent.type) {
    case 'ConditionalExpression':
      return parent.test === node ? 'parts' : onwards(parent)
    case 'ReturnStatement':
      return returned(tree, enclosingFunction(tree, parent), visited)
    case 'ArrowFunctionExpression':
      return parent.body === node ? returned(tree, parent, visited) : 'parts'
    case 'VariableDeclarator':
      if (tree.parentOf(tree.parentOf(parent) ?? parent)?.type === 'ExportNamedDeclaration') return 'returned'
      return useOfPattern(tree, parent.id, parent, visited)
    case 'AssignmentExpression':
      return parent.right === node ? useOfPattern(tree, parent.left, parent, visited) : 'parts'
    case 'ForOfStatement':
      return parent.right === node && parent.left.type === 'VariableDeclaration' && parent.left.declarations[0]
        ? useOfPattern(tree, parent.left.declarations[0].id, parent.body, visited)
        : 'parts'
    case 'ArrayExpression':
      return useInArray(tree, parent, node, visited)
    case 'ExpressionStatement':
      return 'thrown-away'
    case 'SpreadElement': {
      const holder = tree.parentOf(parent)
      return holder === null ? 'parts' : onwards(holder)
    }
    case 'ObjectProperty':
      return parent.value === node ? onwards(tree.parentOf(parent) ?? parent) : 'parts'
    case 'JSXSpreadAttribute':
    case 'JSXExpressionContainer':
      return 'shown'
    case 'YieldExpression':
    case 'ExportDefaultDeclaration':
    case 'ExportSpecifier':
    case 'ClassProperty':
      return 'returned'
    case 'CallExpression':
    case 'OptionalCallExpression':
    case 'NewExpression':
      return parent.callee === node ? 'parts' : useOfArgument(tree, parent, node, visited)
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return useOfMember(tree, parent, visited)
    default:
      return 'parts'
  }
}

/** `users as Omit<User, 'password'>[]`: with more fields, the rows may not overlap with the type any more. */
function isCast(node: Node): boolean {
  if (node.type !== 'TSAsExpression' && node.type !== 'TSTypeAssertion') return false
  const { typeAnnotation: type } = node
  const isConst = type.type === 'TSTypeReference' && typeNameOf(type.typeName) === 'const'
  return !isConst && type.type !== 'TSAnyKeyword' && type.type !== 'TSUnknownKeyword'
}

/**
 * `return user` in a callback is the result of the call around it, if that passes it on; in a function that only this file
 * calls, it is the result of those calls.
 */
function returned(tree: SourceTree, fn: Node | null, visited: Set<Node>): ResultUse {
  const call = fn === null ? null : tree.parentOf(fn)
  const calls = fn === null ? null : callsOf(tree, fn)
  if (calls !== null) return strongest(calls.map((each) => follow(tree, each, visited)))
  if (fn === null || !isCall(call) || call.callee === fn) return 'returned'
  const callee = memberOf(call.callee)?.name ?? (call.callee.type === 'Identifier' ? call.callee.name : '')
  if (callee === 'map' || callee === 'flatMap' || callee === 'then' || /transaction|retry|trace|span/i.test(callee)) {
    return follow(tree, call, visited)
  }
  // `await read('patients', (db) => db.patient.findMany(…))` has the result itself; a handler's is for whoever calls it.
  const taken = tree.parentOf(call)?.type
  return taken === 'AwaitExpression' || taken === 'ArrayExpression' ? follow(tree, call, visited) : 'returned'
}

function useOfPattern(tree: SourceTree, pattern: Node, scope: Node, visited: Set<Node>): ResultUse {
  if (pattern.type === 'Identifier') return useOfVariable(tree, pattern, scope, visited)
  if (pattern.type === 'ArrayPattern') {
    const uses = pattern.elements.map((element) =>
      element === null ? 'thrown-away' : useOfPattern(tree, element, scope, visited),
    )
    return strongest(uses)
  }
  if (pattern.type !== 'ObjectPattern') return 'parts'
  const rest = pattern.properties.find((property) => property.type === 'RestElement')
  return rest === undefined ? 'parts' : strongest(['parts', useOfPattern(tree, rest.argument, scope, visited)])
}

function useOfVariable(
  tree: SourceTree,
  declared: Extract<Node, { type: 'Identifier' }>,
  scope: Node,
  visited: Set<Node>,
): ResultUse {
  const block = enclosingFunction(tree, scope) ?? tree.program
  const uses = referencesIn(tree, declared.name, block)
    .filter((node) => node !== declared)
    .map((node) => follow(tree, node, visited))
  return strongest(uses)
}

/** `Promise.all([a, b])` and `$transaction([a, b])` return results in the same order. */
function useInArray(
  tree: SourceTree,
  array: Extract<Node, { type: 'ArrayExpression' }>,
  node: Node,
  visited: Set<Node>,
): ResultUse {
  let list: Node = array
  // `[…] as const`
  for (let next = tree.parentOf(list); next !== null && isWrapper(next); next = tree.parentOf(list)) list = next
  const call = tree.parentOf(list)
  const index = array.elements.findIndex((element) => element === node)
  if (!isCall(call)) return follow(tree, array, visited)
  const callee = memberOf(call.callee)?.name
  if (callee !== 'all' && callee !== '$transaction' && callee !== 'allSettled') return follow(tree, array, visited)
  let outer: Node = call
  let parent = tree.parentOf(outer)
  while (parent !== null && (parent.type === 'AwaitExpression' || isWrapper(parent))) {
    outer = parent
    parent = tree.parentOf(outer)
  }
  const pattern =
    parent?.type === 'VariableDeclarator' ? parent.id : parent?.type === 'AssignmentExpression' ? parent.left : null
  if (parent !== null && pattern?.type === 'ArrayPattern') {
    const element = pattern.elements[index] ?? null
    return element === null ? 'thrown-away' : useOfPattern(tree, element, parent, visited)
  }
  return follow(tree, call, visited)
}

function useOfArgument(tree: SourceTree, call: Node, argument: Node, visited: Set<Node>): ResultUse {
  if (call.type === 'NewExpression') {
    const name = call.callee.type === 'Identifier' ? call.callee.name : ''
    return name === 'Response' || name.endsWith('Dto') || name.endsWith('Entity') ? 'shown' : 'parts'
  }
  if (!isCall(call)) return 'parts'
  const name = memberOf(call.callee)?.name ?? (call.callee.type === 'Identifier' ? call.callee.name : '')
  if (RESPONSES.has(name) || RESPONSE.test(name) || isResponse(call.arguments[0])) return 'shown'
  if (
    /^(log|debug|info|warn|error|expect|assert|invariant|push|add|set|has|includes|keys|values|entries|stringify)$/.test(
      name,
    )
  ) {
    return 'parts'
  }
  const parameter = parameterOf(tree, call, argument)
  if (parameter !== null) {
    const [pattern, body] = parameter
    return useOfPattern(tree, pattern, body, visited)
  }
  // Returns the same record in another form; a schema or a serializer of another file returns the fields that it knows.
  if (/^(cache\w*|plainToInstance|filter|omit|resolve)$/i.test(name)) {
    const use = follow(tree, call, visited)
    return use === 'thrown-away' || use === 'parts' ? 'argument' : use
  }
  return 'argument'
}

const RESPONSES: ReadonlySet<string> = new Set([
  'json',
  'send',
  'reply',
  'ok',
  'success',
  'superjson',
  'typedjson',
  'defer',
  'render',
])

/** Of the application, around `NextResponse.json(…)`; `toUserResponse` makes something else of a record. */
const RESPONSE = /^(?:api|json|success|ok|send|http|create|make)(?:Api|Json|Success|Ok)?Response$/i

/** `sendSuccess(res, { users })`: a function of the application that answers. */
function isResponse(first: Node | undefined): boolean {
  return first?.type === 'Identifier' && /^(?:res|response|reply)$/.test(first.name)
}

function useOfMember(
  tree: SourceTree,
  member: Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>,
  visited: Set<Node>,
): ResultUse {
  const call = tree.parentOf(member)
  const name = propertyName({ key: member.property, computed: member.computed })
  if (name === null) return follow(tree, member, visited)
  if (!isCall(call) || call.callee !== member)
    return name !== 'length' && isInMarkup(tree, member) ? 'own-markup' : 'parts'
  if (SAME_RECORDS.has(name))
    return strongest([callbackUse(tree, call.arguments[0], call, name, visited, true), follow(tree, call, visited)])
  if (CALLBACKS.has(name)) return callbackUse(tree, call.arguments[0], call, name, visited, false)
  return 'parts'
}

/** `<td>{user.name}</td>`, `<Time date={user.createdAt} />` */
function isInMarkup(tree: SourceTree, node: Node): boolean {
  for (let next = tree.parentOf(node); next !== null && !isFunction(next); next = tree.parentOf(next))
    if (next.type === 'JSXExpressionContainer') return true
  return false
}

/** Array methods that return elements of the array. */
const SAME_RECORDS: ReadonlySet<string> = new Set([
  'filter',
  'sort',
  'toSorted',
  'slice',
  'reverse',
  'find',
  'findLast',
  'at',
  'concat',
  'catch',
  'finally',
])
const CALLBACKS: ReadonlySet<string> = new Set(['map', 'flatMap', 'forEach', 'reduce', 'then'])

function callbackUse(
  tree: SourceTree,
  callback: Node | undefined,
  call: Node,
  name: string,
  visited: Set<Node>,
  onlyTests: boolean,
): ResultUse {
  const fn = callback === undefined ? null : unwrap(callback)
  if (fn === null || onlyTests) return 'thrown-away'
  // `.map(toUser)`: the function may do anything with it.
  if (!isFunction(fn)) return fn.type === 'Identifier' || fn.type === 'MemberExpression' ? 'argument' : 'parts'
  const parameter = fn.params[name === 'reduce' ? 1 : 0]
  if (parameter === undefined) return 'parts'
  const pattern = parameter.type === 'AssignmentPattern' ? parameter.left : parameter
  if (pattern.type === 'ObjectPattern' || pattern.type === 'ArrayPattern') {
    return useOfPattern(tree, pattern, fn.body, visited)
  }
  if (pattern.type !== 'Identifier') return 'parts'
  return strongest(referencesIn(tree, pattern.name, fn.body).map((node) => follow(tree, node, visited)))
}
