import type { Node, ObjectExpression } from '@babel/types'
import { placeOf, propertyName, unwrap } from './syntax'

/** An object literal as the search needs it, without the parser's tree, so that it can be stored for long. */
export interface ObjectLiteral {
  readonly start: number
  readonly end: number
  readonly line: number
  readonly lastMember: { readonly start: number; readonly end: number } | null
  /** The quotes of the keys, if the last one has any. */
  readonly quote: string
  readonly members: ReadonlyMap<string, { readonly at: number; readonly value: Value }>
  readonly spreads: readonly { readonly at: number; readonly value: Value }[]
  /** Has a name that is only known at run time. */
  readonly hasComputedNames: boolean
}

/** What an expression is, as far as that is known without running it. */
export type Value =
  | { readonly kind: 'object'; readonly object: ObjectLiteral }
  | { readonly kind: 'name'; readonly name: string }
  /** `select: isAdmin ? a : b`, and `...(isAdmin && { email: true })`. */
  | { readonly kind: 'either'; readonly values: readonly Value[] }
  /** `Object.property`, as in `selects.user`. */
  | { readonly kind: 'member'; readonly of: Value; readonly name: string }
  | { readonly kind: 'called'; readonly name: string }
  | { readonly kind: 'true' | 'false' | 'nothing' | 'unknown' }

/** `depth` counts the expressions around it. */
export function valueOf(expression: Node, depth = 0): Value {
  if (depth > DEEPEST) return UNKNOWN
  const node = unwrap(expression)
  const partOf = (part: Node): Value => valueOf(part, depth + 1)
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the parser has some two hundred kinds of nodes
  switch (node.type) {
    case 'ObjectExpression':
      return { kind: 'object', object: objectLiteral(node, depth) }
    case 'Identifier':
      return node.name === 'undefined' ? { kind: 'nothing' } : { kind: 'name', name: node.name }
    case 'BooleanLiteral':
      return { kind: node.value ? 'true' : 'false' }
    case 'NullLiteral':
      return { kind: 'nothing' }
    case 'ConditionalExpression':
      return { kind: 'either', values: [partOf(node.consequent), partOf(node.alternate)] }
    case 'LogicalExpression':
      return node.operator === '&&'
        ? { kind: 'either', values: [partOf(node.right), { kind: 'nothing' }] }
        : { kind: 'either', values: [partOf(node.left), partOf(node.right)] }
    case 'MemberExpression': {
      const name = propertyName({ key: node.property, computed: node.computed })
      return name === null ? { kind: 'unknown' } : { kind: 'member', of: partOf(node.object), name }
    }
    case 'CallExpression': {
      const callee = unwrap(node.callee)
      const first = node.arguments[0]
      // `Prisma.validator<Prisma.UserSelect>()({ … })` and `Object.freeze({ … })` return their argument.
      if (first !== undefined && unwrap(first).type === 'ObjectExpression' && node.arguments.length === 1) {
        return partOf(first)
      }
      return callee.type === 'Identifier' ? { kind: 'called', name: callee.name } : { kind: 'unknown' }
    }
    default:
      return { kind: 'unknown' }
  }
}

export function objectLiteral(node: ObjectExpression, depth = 0): ObjectLiteral {
  const last = node.properties.at(-1)
  const members = new Map<string, { at: number; value: Value }>()
  const spreads: { at: number; value: Value }[] = []
  let hasComputedNames = false
  for (const property of node.properties) {
    const at = placeOf(property).start
    if (property.type === 'SpreadElement') {
      spreads.push({ at, value: valueOf(property.argument, depth + 1) })
      continue
    }
    const name = propertyName(property)
    if (name === null) hasComputedNames = true
    else
      members.set(name, {
        at,
        value: property.type === 'ObjectProperty' ? valueOf(property.value, depth + 1) : UNKNOWN,
      })
  }
  const { start, end, line } = placeOf(node)
  return {
    start,
    end,
    line,
    lastMember: last === undefined ? null : placeOf(last),
    quote: quoteOf(last),
    members,
    spreads,
    hasComputedNames,
  }
}

const UNKNOWN: Value = { kind: 'unknown' }

/** What nests deeper, such as `a.b.b.b…`, is unknown: whatever follows a value recurses into it. */
const DEEPEST = 50

function quoteOf(property: ObjectExpression['properties'][number] | undefined): string {
  if (property?.type !== 'ObjectProperty' || property.key.type !== 'StringLiteral') return ''
  const raw = property.key.extra?.raw
  return typeof raw === 'string' ? raw.charAt(0) : '"'
}
