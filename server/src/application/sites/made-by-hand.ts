import { recordType } from '../record-type'
import type { Node } from '@babel/types'
import { isFunction, memberOf, unwrap, type SourceTree } from '../syntax'

/**
 * The types that functions of this file make member by member, `(row): LeadDto => ({ id: row.id, name: row.name })` or
 * `new LeadDto(row.id, row.name)`: what such a function does not list is never in them.
 */
export function typesMadeByHand(tree: SourceTree): ReadonlySet<string> {
  const names = new Set<string>()
  for (const node of tree.nodes) {
    if (!isFunction(node) || node.returnType?.type !== 'TSTypeAnnotation') continue
    const name = recordType(node.returnType.typeAnnotation)
    if (name !== null && answersOf(node.body).some(isListed)) names.add(name)
  }
  return names
}

function answersOf(body: Node): Node[] {
  if (body.type !== 'BlockStatement') return [body]
  return body.body.flatMap((each) => (each.type === 'ReturnStatement' && each.argument ? [each.argument] : []))
}

function isListed(answer: Node): boolean {
  const value = unwrap(answer)
  if (value.type === 'NewExpression') {
    return value.arguments.length > 1 && value.arguments.every((given) => memberOf(given) !== null || isConstant(given))
  }
  return value.type === 'ObjectExpression' && value.properties.every(({ type }) => type === 'ObjectProperty')
}

function isConstant(given: Node): boolean {
  return given.type.endsWith('Literal')
}
