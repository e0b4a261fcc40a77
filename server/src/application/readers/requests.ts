import type { Node } from '@babel/types'
import { wordsOf } from '../place-evidence'
import { isCall, isFunction, memberOf, propertyName, textOfNode, type CallNode, type SourceTree } from '../syntax'
import { addressOf, type Address } from './addresses'

export interface Request {
  readonly address: Address
  /** To the page's own program: `/api/users`. */
  readonly isOwn: boolean
  readonly node: Node
}

/** The requests in a file: addresses that are given to what sends requests, and not to change something. */
export function requestsIn(tree: SourceTree): Request[] {
  return tree.addresses.flatMap((literal) => {
    const text = textOf(tree, literal)
    const address = text === null || !isRequested(tree, literal, 2) ? null : addressOf(text)
    return address === null || address.length === 0
      ? []
      : [{ address, isOwn: (text ?? '').startsWith('/api/'), node: literal }]
  })
}

/** `/users/*` for `` `${api}/users/${id}` `` and `'/users/' + id`; what follows a part without a `/` is a query. */
function textOf(tree: SourceTree, literal: Node): string | null {
  const parent = tree.parentOf(literal)
  const isJoined = parent?.type === 'BinaryExpression' && parent.operator === '+'
  if (literal.type === 'StringLiteral') {
    if (isJoined && parent.right === literal && !literal.value.startsWith('/')) return null
    return isJoined && parent.left === literal && literal.value.endsWith('/') ? `${literal.value}*` : literal.value
  }
  if (literal.type !== 'TemplateLiteral') return null
  let text = ''
  for (const [index, { value }] of literal.quasis.entries()) {
    // `${BASE}admin/users`
    text += text === '*' && /^[\w]/.test(value.raw) ? `/${value.raw}` : value.raw
    if (/[?#]/.test(value.raw) || index === literal.quasis.length - 1) return text
    if (text === '' || text.endsWith('/')) text += '*'
    else if (text !== '*') return text
  }
  return text
}

/**
 * Whether a value is given to what sends requests, `api.get(url)`, also by a name, or is kept for such: `USERS_URL = url`,
 * `endpoints = { users: url }`, `query: () => url`. An address may also be a link, or what a guard or a log speaks of.
 */
function isRequested(tree: SourceTree, value: Node, depth: number): boolean {
  let isKept = false
  for (
    let child = value, parent = tree.parentOf(child);
    parent !== null;
    child = parent, parent = tree.parentOf(child)
  ) {
    if (isCall(parent) && parent.callee !== child) {
      const words = wordsOf(calledName(parent))
      if (words.some((word) => NO_REQUEST.test(word)) || isServer(tree, parent) || changes(tree, parent)) return false
      if (words.some((word) => REQUEST.test(word))) return true
    } else if (parent.type === 'VariableDeclarator' || parent.type === 'AssignmentExpression') {
      const target = parent.type === 'VariableDeclarator' ? parent.id : parent.left
      if (target === child || target.type !== 'Identifier') return isKept
      return (isKept || KEPT.test(target.name) || isSent(tree, target.name, depth)) && !isForWrites(tree, target.name)
    } else if (parent.type === 'ObjectProperty' || parent.type === 'ClassProperty') {
      const key = propertyName(parent) ?? ''
      if (parent.value !== child || LINK.test(key)) return false
      isKept ||= KEPT.test(key)
    } else if (parent.type === 'JSXAttribute') {
      return parent.name.type === 'JSXIdentifier' && KEPT.test(parent.name.name)
    } else if (
      parent.type === 'BinaryExpression' ? parent.operator !== '+' : !PASSES.has(parent.type) && !isFunction(parent)
    ) {
      return isKept
    }
  }
  return isKept
}

function isSent(tree: SourceTree, name: string, depth: number): boolean {
  return depth > 0 && tree.identifiersNamed(name).some((each) => isRequested(tree, each, depth - 1))
}

/** `const url = …`, which a call sends to change something: nothing is read from there. */
function isForWrites(tree: SourceTree, name: string): boolean {
  return tree.identifiersNamed(name).some((each) => {
    const call = tree.parentOf(each)
    return isCall(call) && call.callee !== each && changes(tree, call)
  })
}

/** `@Get('/users')`, `router.get('/users', (request, response) => …)` */
function isServer(tree: SourceTree, call: CallNode): boolean {
  return tree.parentOf(call)?.type === 'Decorator' || isFunction(call.arguments.at(-1) ?? null)
}

function calledName({ callee }: CallNode): string {
  return memberOf(callee)?.name ?? (callee.type === 'Identifier' ? callee.name : '')
}

/** Words of functions that send requests, or that make their addresses. */
const REQUEST =
  /^(?:fetch|fetcher|get|request|api|axios|swr|query|queries|load|http|url|endpoint|ky|ajax|read|retrieve|client|call|use|list|json|data)$/

/** Words of those that do something else with an address. */
const NO_REQUEST =
  /^(?:post|put|patch|delete|del|create|update|save|remove|upload|submit|mutate|mutation|push|replace|redirect|navigate|navigation|pathname|revalidate|invalidate|starts|ends|includes|require|link|log|warn|error|match|track|limit|router?|route)$/

/** What is kept for requests by its name; in a menu, `url` is a link. */
const KEPT = /endpoint|api|.url$|^query/i

const LINK = /^(?:href|to|as|src|action|path|pathname|link|matcher|redirect\w*|destination|source|prefix)$/

/** Expressions and statements whose value is, or has, that of a part. */
const PASSES: ReadonlySet<string> = new Set<Node['type']>([
  'ArrayExpression',
  'AwaitExpression',
  'BlockStatement',
  'CallExpression',
  'ConditionalExpression',
  'JSXExpressionContainer',
  'LogicalExpression',
  'MemberExpression',
  'NewExpression',
  'ObjectExpression',
  'OptionalCallExpression',
  'OptionalMemberExpression',
  'ReturnStatement',
  'SpreadElement',
  'TemplateLiteral',
  'TSAsExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
])

/** `fetch(url, { method: 'PATCH' })`, `fetch(url, { method })`, `fetch(url, options)`: any method but `GET`. */
function changes(tree: SourceTree, call: CallNode): boolean {
  const options = call.arguments.slice(1)
  if (call.arguments.some((each) => each.type === 'StringLiteral' && METHOD.test(each.value))) return true
  if (options.some((each) => each.type === 'Identifier' && /^(?:opt|init|config|request)/i.test(each.name))) return true
  return options.some((each) => {
    return (
      each.type === 'ObjectExpression' &&
      /\bmethod\s{0,9}(?:[,}]|:(?!\s{0,9}['"`]GET['"`]))/i.test(textOfNode(tree.text, each))
    )
  })
}

const METHOD = /^(?:POST|PUT|PATCH|DELETE)$/i
