import type { Node } from '@babel/types'
import type { CodeModels } from '../model'
import { isAuditDate } from '../field-names'
import { recordType } from '../record-type'
import { mirrorByName } from '../sites/mirrors'
import { isWrapper, propertyName, type CallNode, type SourceTree } from '../syntax'

/**
 * The cast around a call whose rows have a type of this file that is offered the same fields:
 * `prisma.user.findMany({ select }) as Promise<User[]>`. The rows have all of its members, so that the cast compiles
 * with more fields, with or without the type's edit. Null for any other call.
 */
export function mirrorCast(tree: SourceTree, call: CallNode, models: CodeModels): Node | null {
  let cast: Node | null = null
  for (let next = tree.parentOf(call); next !== null; next = tree.parentOf(next)) {
    if (next.type !== 'AwaitExpression' && !isWrapper(next)) break
    if (next.type !== 'TSAsExpression') continue
    const { type } = next.typeAnnotation
    if (type === 'TSUnknownKeyword' || type === 'TSAnyKeyword') continue
    if (!isMirror(tree, next.typeAnnotation, selectedBy(call), models)) return null
    cast = next
  }
  return cast
}

function isMirror(tree: SourceTree, type: Node, selected: ReadonlySet<string>, models: CodeModels): boolean {
  const name = recordType(type)
  if (name === null || mirrorByName(name, models)?.evidence !== 'mirror-by-name') return false
  const members = tree.nodes.flatMap((node) => {
    if (node.type === 'TSInterfaceDeclaration' && node.id.name === name)
      return node.extends?.length ? [] : node.body.body
    const isAlias = node.type === 'TSTypeAliasDeclaration' && node.id.name === name
    return isAlias && node.typeAnnotation.type === 'TSTypeLiteral' ? node.typeAnnotation.members : []
  })
  const names = members.map((each) => (each.type === 'TSPropertySignature' ? (propertyName(each) ?? '') : ''))
  return names.some(isAuditDate) && names.every((each) => selected.has(each))
}

function selectedBy({ arguments: [first] }: CallNode): ReadonlySet<string> {
  const options = first?.type === 'ObjectExpression' ? first.properties : []
  const select = options.find((each) => each.type === 'ObjectProperty' && propertyName(each) === 'select')
  const fields = select?.type === 'ObjectProperty' && select.value.type === 'ObjectExpression' ? select.value : null
  return new Set(
    fields?.properties.flatMap((each) => (each.type === 'ObjectProperty' ? (propertyName(each) ?? []) : [])),
  )
}
