import { recordType } from '../record-type'
import type { Node } from '@babel/types'
import { isFunction, memberOf, placeOf, textOfNode, unwrap, type SourceTree } from '../syntax'

/**
 * The types that functions of this file build member by member, `(row): LeadDto => ({ id: row.id, name: row.name })` or
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

/**
 * The types of records whose dates are converted one by one: `{ ...row, createdAt: row.createdAt.toISOString() }`.
 * Another date of the record would stay a Date there, which does not compile if the type has a string.
 */
export function typesOfConvertedDates(tree: SourceTree): ReadonlySet<string> {
  const names = new Set<string>()
  const places = [...tree.text.matchAll(CONVERTED)].map(({ index }) => index)
  if (places.length === 0) return names
  for (const node of tree.nodes) {
    const annotation = annotationOf(node)
    if (annotation === null || !holdsOne(places, placeOf(node))) continue
    for (const [name] of textOfNode(tree.text, annotation).matchAll(/[A-Za-z]\w*/g)) names.add(name)
  }
  return names
}

/** `createdAt: row.createdAt.toISOString()` */
export const CONVERTED = /\b(\w{1,60}): (?:\w{1,60}[!?]?\.){0,4}\1[!?]?\.toISOString\(/g

function annotationOf(node: Node): Node | null {
  if (isFunction(node)) return node.returnType ?? null
  return node.type === 'VariableDeclarator' && node.id.type === 'Identifier' ? (node.id.typeAnnotation ?? null) : null
}

/** By binary search: functions are nested, and each would search all places. */
function holdsOne(
  places: readonly number[],
  { start, end }: { readonly start: number; readonly end: number },
): boolean {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] ?? 0) < start) low = middle + 1
    else high = middle
  }
  return (places[low] ?? Infinity) < end
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
