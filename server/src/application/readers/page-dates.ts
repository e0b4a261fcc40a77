import type { Node } from '@babel/types'
import { isAuditDate, isEditor } from '../field-names'
import type { CodeModel } from '../model'
import { isCompared } from '../shown-dates'
import { isFunction, memberOf, placeOf, unwrap, type SourceTree } from '../syntax'
import { isCopy, type PageValues } from './page-values'

/** Whether a component shows a date or an editor of the records that it has. */
export function showsDate(tree: SourceTree, values: PageValues, model: CodeModel): boolean {
  const dates = [...model.scalarFields, ...model.relations.keys()].filter((name) => isAuditDate(name) || isEditor(name))
  return dates.some((date) =>
    tree.identifiersNamed(date).some((node) => {
      const parent = tree.parentOf(node)
      const member = parent === null ? null : memberOf(parent)
      if (parent === null || member?.object === node || isInCopy(tree, node, model)) return false
      const { start, end } = placeOf(parent)
      if (isCompared(tree.text, start, end)) return false
      if (member === null) return values.has(node) && !/^(?:ObjectProperty|VariableDeclarator|TS\w*)$/.test(parent.type)
      return isOneOf(member.object, values)
    }),
  )
}

/** `user`, `row.original`, `data.users[0]`, but not `user.company`. */
function isOneOf(owner: Node, values: PageValues): boolean {
  const inner = unwrap(owner)
  if (inner.type === 'Identifier') return values.has(inner)
  if (inner.type !== 'MemberExpression' && inner.type !== 'OptionalMemberExpression') return false
  return !values.isOther(memberOf(inner)?.name ?? '') && isOneOf(inner.object, values)
}

function isInCopy(tree: SourceTree, node: Node, model: CodeModel): boolean {
  for (let next = tree.parentOf(node); next !== null && !isFunction(next); next = tree.parentOf(next)) {
    if (next.type === 'ObjectProperty') return isCopy(tree.parentOf(next), model)
  }
  return false
}
