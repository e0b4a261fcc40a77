import type { Node } from '@babel/types'
import { isAuditDate } from '../field-names'
import type { CodeModel } from '../model'
import { referencesIn } from '../references'
import { isCompared } from '../shown-dates'
import { isCall, isFunction, isWrapper, memberOf, placeOf, unwrap, type SourceTree } from '../syntax'
import type { PageValues } from './page-values'

/** Whether a component shows when the records that it has were created or changed. */
export function showsDate(tree: SourceTree, values: PageValues, model: CodeModel): boolean {
  return [...model.scalarFields].filter(isAuditDate).some((date) =>
    tree.identifiersNamed(date).some((node) => {
      const parent = tree.parentOf(node)
      const member = parent === null ? null : memberOf(parent)
      if (parent === null || member?.object === node) return false
      const { start, end } = placeOf(parent)
      if (isCompared(tree.text, start, end)) return false
      if (member === null) {
        const isName = !/^(?:ObjectProperty|VariableDeclarator|TS\w*)$/.test(parent.type)
        return isName && values.has(node) && isDisplayed(tree, node)
      }
      return isOneOf(member.object, values) && isDisplayed(tree, parent)
    }),
  )
}

/**
 * Whether the markup has the value, also formatted, or by a name: not in the object that a function makes of a record, and
 * not as a key or an address.
 */
function isDisplayed(tree: SourceTree, value: Node, depth = 3): boolean {
  let child = value
  let parent = tree.parentOf(child)
  for (; parent !== null; child = parent, parent = tree.parentOf(child)) {
    if (isWrapper(parent) || parent.type === 'JSXExpressionContainer') continue
    if (parent.type === 'JSXElement' || parent.type === 'JSXFragment') return true
    if (parent.type === 'JSXAttribute')
      return parent.name.type === 'JSXIdentifier' && !/^(?:key|src|href|to|url|className|style)$/.test(parent.name.name)
    if (parent.type === 'ConditionalExpression' || parent.type === 'LogicalExpression') {
      if (
        parent.type === 'ConditionalExpression'
          ? parent.test === child
          : parent.operator === '&&' && parent.left === child
      )
        return false
    } else if (isCall(parent) || parent.type === 'NewExpression') {
      const [first] = parent.arguments
      // `format(lead.createdAt, 'P')`, but not `withVersion(url, lead.updatedAt)`.
      if (parent.callee !== child && first !== child && !isFunction(child)) return false
    } else if (parent.type === 'ObjectProperty') {
      if (parent.value !== child) return false
    } else if (parent.type === 'ObjectExpression') {
      // A column of a table, or a line of a list: `[{ label: 'Created', value: format(lead.createdAt) }]`.
      if (tree.parentOf(parent)?.type !== 'ArrayExpression') return false
    } else if (parent.type === 'VariableDeclarator') {
      if (parent.init !== child || depth === 0) return false
      if (parent.id.type !== 'Identifier') return isFunction(child)
      return isNameDisplayed(tree, parent.id, depth - 1)
    } else if (parent.type === 'IfStatement') {
      if (parent.test === child) return false
    } else if (parent.type === 'FunctionDeclaration') {
      return depth > 0 && isNameDisplayed(tree, parent.id, depth - 1)
    } else if (!PASSES.has(parent.type) && !isFunction(parent)) return false
  }
  return false
}

function isNameDisplayed(tree: SourceTree, name: Node | null | undefined, depth: number): boolean {
  if (name?.type !== 'Identifier') return false
  const uses = referencesIn(tree, name.name, tree.program).filter((each) => each !== name)
  return uses.slice(0, MOST_USES).some((each) => isDisplayed(tree, each, depth))
}

const MOST_USES = 100

/** Expressions and statements whose value is, or has, that of a part. */
const PASSES: ReadonlySet<string> = new Set<Node['type']>([
  'MemberExpression',
  'OptionalMemberExpression',
  'TemplateLiteral',
  'BinaryExpression',
  'ArrayExpression',
  'AwaitExpression',
  'ReturnStatement',
  'BlockStatement',
])

/** `user`, `row.original`, `data.users[0]`, but not `user.company`. */
function isOneOf(owner: Node, values: PageValues): boolean {
  const inner = unwrap(owner)
  if (inner.type === 'Identifier') return values.has(inner)
  if (inner.type !== 'MemberExpression' && inner.type !== 'OptionalMemberExpression') return false
  return !values.isOther(memberOf(inner)?.name ?? '') && isOneOf(inner.object, values)
}
