import type { Node } from '@babel/types'
import type { CodeModel } from '../model'
import { isFunction, memberOf, propertyName, unwrap, type FunctionNode } from '../syntax'

/** `z.array(userSchema).parse(data)`, `normalizeUsers(data)`: only what is known there gets further. */
export function makesOther(callee: Node, name: string): boolean {
  const object = memberOf(callee)?.object
  if (/^(?:safeParse|parse)(?:Async)?$/.test(name))
    return object !== undefined && !(object.type === 'Identifier' && object.name === 'JSON')
  return /^(?:to|map|normali[sz]e|transform|convert|serialize|adapt|parse|pick)(?=[A-Z])/.test(name)
}

/** `useQuery({ queryFn, select: (data) => … })`, Nuxt's `transform`: a function beside it may make anything of an answer. */
export function isReshaped(object: Node | null, own: Node): boolean {
  return (
    object?.type === 'ObjectExpression' &&
    object.properties.some(
      (each) =>
        each !== own &&
        each.type === 'ObjectProperty' &&
        /^(?:select|transform|transformResponse)$/.test(propertyName(each) ?? '') &&
        isFunction(each.value),
    )
  )
}

/** `{ id: user.id, name: user.name, date: user.createdAt }`: what such a copy does not list never gets further. */
export function isCopy(node: Node | null, { scalarFields }: CodeModel): boolean {
  if (node?.type !== 'ObjectExpression' || node.properties.length < LISTED) return false
  const names = node.properties.map((each) => (each.type === 'ObjectProperty' ? propertyName(each) : null))
  return (
    !names.includes(null) && names.filter((name) => name !== null && scalarFields.has(name)).length >= LISTED_FIELDS
  )
}

/** Whether a callback returns the record itself, or an object that has all of it: `{ ...user, days }`, `{ user, days }`. */
export function isPassedOn({ params, body }: FunctionNode): boolean {
  const own = params.flatMap((each) => (each.type === 'Identifier' ? each.name : []))
  return resultsOf(body).some((each) => hasWhole(each, own))
}

function resultsOf(body: Node): Node[] {
  if (body.type !== 'BlockStatement') return [unwrap(body)]
  return body.body.flatMap((each) => (each.type === 'ReturnStatement' && each.argument ? [unwrap(each.argument)] : []))
}

function hasWhole(value: Node, own: readonly string[]): boolean {
  const node = unwrap(value)
  if (node.type === 'Identifier' || node.type === 'MemberExpression') return true
  if (node.type === 'ConditionalExpression') return hasWhole(node.consequent, own) && hasWhole(node.alternate, own)
  if (node.type !== 'ObjectExpression') return false
  return node.properties.some((each) => {
    if (each.type !== 'ObjectProperty') return each.type === 'SpreadElement'
    return each.value.type === 'Identifier' && own.includes(each.value.name)
  })
}

const LISTED = 3
const LISTED_FIELDS = 2
