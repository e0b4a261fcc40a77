import type { Node } from '@babel/types'
import { nameOf } from '../called-names'
import { memberOf, propertyName, textOfNode, unwrap } from '../syntax'
import type { Code } from './code'
import {
  can,
  each,
  either,
  isAbout,
  known,
  narrowed,
  NEVER,
  UNKNOWN,
  type Scope,
  least,
  MAYBE,
  most,
  NO,
  UNDECIDED,
  verdict,
  YES,
  type Certainty,
  type Value,
} from './values'

export function logicalValue(
  code: Code,
  { left, right, operator }: Extract<Node, { type: 'LogicalExpression' }>,
  scope: Scope,
): Value {
  const first = code.value(left, scope)
  if (first.kind === 'never') return NEVER
  const [kept, goesOn] =
    operator === '??'
      ? [canBeSomething(first), canBeNothing(first)]
      : [can(first, operator === '||'), can(first, operator === '&&')]
  return either([
    { value: operator === '??' ? first : narrowed(first, operator === '||'), certainty: kept },
    { value: code.valueFor(goesOn, right, scope), certainty: goesOn },
  ])
}

export function unaryValue(code: Code, node: Extract<Node, { type: 'UnaryExpression' }>, scope: Scope): Value {
  const value = code.value(node.argument, scope)
  if (value.kind === 'never') return NEVER
  if (node.operator === '!') return verdict(can(value, false), can(value, true))
  return isAbout(value) ? UNDECIDED : node.operator === 'void' ? known(undefined) : UNKNOWN
}

export function binaryValue(code: Code, node: Extract<Node, { type: 'BinaryExpression' }>, scope: Scope): Value {
  if (node.left.type === 'PrivateName') return UNKNOWN
  const left = code.value(node.left, scope)
  const right = code.value(node.right, scope)
  if (left.kind === 'never' || right.kind === 'never') return NEVER
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the others compute numbers
  switch (node.operator) {
    case '===':
    case '==':
      return code.equal(left, right)
    case '!==':
    case '!=': {
      const same = code.equal(left, right)
      return verdict(can(same, false), can(same, true))
    }
    case 'instanceof':
      return each(left, (one) => {
        if (one.kind === 'response') return known(/response|error/i.test(textOfNode(scope.tree.text, node.right)))
        if (one.kind === 'unknown') return one.isAboutRoles ? verdict(MAYBE, MAYBE) : verdict(YES, YES)
        return known(false)
      })
    case 'in':
      return each(right, (one) => {
        if (one.kind === 'record' && left.kind === 'known' && !one.members.has('...'))
          return known(one.members.has(String(left.value)))
        if (one.kind === 'response' || one.kind === 'known') return known(false)
        return isAbout(one) || isAbout(left) ? verdict(MAYBE, MAYBE) : verdict(YES, YES)
      })
    case '<':
    case '>':
    case '<=':
    case '>=':
      return compared(left, right, node.operator)
    default:
      return isAbout(left) || isAbout(right) ? UNDECIDED : UNKNOWN
  }
}

export function recordValue(code: Code, node: Extract<Node, { type: 'ObjectExpression' }>, scope: Scope): Value {
  const members = new Map<string, Value>()
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const spread = code.value(property.argument, scope)
      if (spread.kind === 'record') for (const [name, value] of spread.members) members.set(name, value)
      else members.set('...', isAbout(spread) ? UNDECIDED : UNKNOWN)
      continue
    }
    const name = propertyName(property) ?? memberOf(property.key)?.name ?? null
    const value = property.type === 'ObjectMethod' ? property : property.value
    members.set(name ?? '...', code.value(value, scope))
  }
  return { kind: 'record', members }
}

export function enumValue(node: Extract<Node, { type: 'TSEnumDeclaration' }>): Value {
  const members = new Map<string, Value>()
  node.members.forEach((member, at) => {
    const name = member.id.type === 'Identifier' ? member.id.name : member.id.value
    const { initializer } = member
    if (!initializer) members.set(name, known(at))
    else
      members.set(
        name,
        initializer.type === 'StringLiteral' || initializer.type === 'NumericLiteral'
          ? known(initializer.value)
          : UNDECIDED,
      )
  })
  return { kind: 'record', members }
}

function compared(left: Value, right: Value, operator: '<' | '>' | '<=' | '>='): Value {
  return each(left, (a) =>
    each(right, (b) => {
      if (a.kind === 'known' && b.kind === 'known' && typeof a.value === 'number' && typeof b.value === 'number') {
        const isLess = operator.startsWith('<') ? a.value < b.value : a.value > b.value
        return known(isLess || (operator.endsWith('=') && a.value === b.value))
      }
      return isAbout(a) || isAbout(b) ? verdict(MAYBE, MAYBE) : verdict(YES, YES)
    }),
  )
}

function canBeNothing(value: Value): Certainty {
  if (value.kind === 'known') return value.value === null || value.value === undefined ? YES : NO
  if (value.kind === 'either') return most(...value.options.map((one) => least(one.certainty, canBeNothing(one.value))))
  if (value.kind === 'flag' || value.kind === 'given') return YES
  return value.kind === 'unknown' ? can(value, false) : NO
}

function canBeSomething(value: Value): Certainty {
  if (value.kind === 'known') return value.value === null || value.value === undefined ? NO : YES
  if (value.kind === 'either')
    return most(...value.options.map((one) => least(one.certainty, canBeSomething(one.value))))
  return value.kind === 'unknown' && value.isAboutRoles ? MAYBE : YES
}

/** `process.env`, `import.meta.env` */
export function isEnvironment(node: Node): boolean {
  const member = memberOf(node)
  if (member?.name !== 'env') return false
  return unwrap(member.object).type === 'MetaProperty' || nameOf(member.object) === 'process'
}
