import { sameJson } from '../literals'
import { canonicalExpression, type Canonical, type ColumnTypes } from './canonical-expression'
import type { Expression } from './expression'
import { parseExpression } from './parse-expression'

/** `unknown`: one of them cannot be parsed here, and the texts differ. */
export type ExpressionDifference = 'none' | 'different' | 'unknown'

export interface ExpressionContext {
  readonly columnTypes?: ColumnTypes
  /** The schema whose name may precede a function's name. */
  readonly defaultSchema?: string
  /** The final type of the value, as PostgreSQL spells it. */
  readonly target?: string
}

/**
 * Whether two SQL expressions are equivalent. PostgreSQL prints an expression in its own form: additional parentheses
 * and casts, operators instead of IN, BETWEEN and LIKE, `now()` for CURRENT_TIMESTAMP or the other way round. `none` is
 * certain; `different` includes what only running it could show.
 */
export function compareExpressions(
  left: string,
  right: string,
  { columnTypes = () => null, defaultSchema = '', target }: ExpressionContext = {},
): ExpressionDifference {
  if (left.trim() === right.trim()) return 'none'
  const [one, other] = [parseExpression(left), parseExpression(right)]
  if (one === null || other === null) return 'unknown'
  const canonical = (expression: Expression): Canonical =>
    withoutLastCast(canonicalExpression(expression, { columnTypes, defaultSchema }), target)
  return same(canonical(one), canonical(other)) ? 'none' : 'different'
}

/**
 * The comparison of index conditions in Prisma's engine (prisma-engines, `schema_differ.rs` of PostgreSQL): the same
 * syntax, except for parentheses, and for casts of literals that only one side has. True if it cannot be parsed here.
 */
export function sameSyntax(left: string, right: string): boolean {
  const [one, other] = [parseExpression(left), parseExpression(right)]
  return one === null || other === null || isWrittenAlike(one, other)
}

function isWrittenAlike(left: Expression, right: Expression): boolean {
  if (left.kind === 'cast' && right.kind === 'cast')
    return left.written === right.written && isWrittenAlike(left.operand, right.operand)
  if (left.kind === 'cast') return isLiteral(left.operand) && isWrittenAlike(left.operand, right)
  if (right.kind === 'cast') return isLiteral(right.operand) && isWrittenAlike(left, right.operand)
  if (left.kind !== 'call' || right.kind !== 'call') return JSON.stringify(left) === JSON.stringify(right)
  return (
    left.name === right.name &&
    left.operands.length === right.operands.length &&
    left.operands.every((operand, place) => {
      const counterpart = right.operands[place]
      return counterpart !== undefined && isWrittenAlike(operand, counterpart)
    })
  )
}

function isLiteral({ kind }: Expression): boolean {
  return kind === 'string' || kind === 'number'
}

/** A value is converted to its column's type even without a cast. */
function withoutLastCast(expression: Canonical, target: string | undefined): Canonical {
  return expression.kind === 'cast' && expression.type === target ? expression.operand : expression
}

function same(left: Canonical, right: Canonical): boolean {
  if (left.kind === 'literal') return right.kind === 'literal' && sameLiteral(left, right)
  if (left.kind === 'column') return right.kind === 'column' && left.name === right.name
  if (left.kind === 'word') return right.kind === 'word' && left.text === right.text
  if (left.kind === 'cast')
    return right.kind === 'cast' && left.type === right.type && same(left.operand, right.operand)
  if (right.kind !== 'call' || left.name !== right.name || left.operands.length !== right.operands.length) return false
  if (left.name === '= any' || left.name === '<> all') return sameChoice(left.operands, right.operands)
  return left.operands.every((operand, place) => sameAt(operand, right.operands[place]))
}

/** The first equals one of the others, in any order. */
function sameChoice([left, ...choices]: readonly Canonical[], [right, ...others]: readonly Canonical[]): boolean {
  const holds = (items: readonly Canonical[], item: Canonical) => items.some((each) => same(each, item))
  return (
    left !== undefined &&
    sameAt(left, right) &&
    choices.every((item) => holds(others, item)) &&
    others.every((item) => holds(choices, item))
  )
}

function sameAt(left: Canonical, right: Canonical | undefined): boolean {
  return right !== undefined && same(left, right)
}

type Literal = Extract<Canonical, { kind: 'literal' }>

/** If only one side has a type, it is the one that PostgreSQL derived. */
function sameLiteral(left: Literal, right: Literal): boolean {
  const type = left.type ?? right.type
  if (left.type !== null && right.type !== null && !sameType(left.type, right.type)) return false
  if (left.isNumber !== right.isNumber) return false
  if (left.text === right.text) return true
  if (type === 'jsonb') return isJson(left.text) && isJson(right.text) && sameJson(left.text, right.text)
  const instant = type?.startsWith('timestamp') === true ? wholeTimestamp : null
  return instant !== null && instant(left.text) !== null && instant(left.text) === instant(right.text)
}

/** Enums and similar may be qualified on one side. */
function sameType(left: string, right: string): boolean {
  const unqualified = (type: string) => type.slice(type.lastIndexOf('.') + 1)
  const isQualified = left.includes('.') !== right.includes('.')
  return left === right || (isQualified && unqualified(left) === unqualified(right))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** `2020-01-01` is midnight. Null for another format, or with a zone. */
function wholeTimestamp(text: string): string | null {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d*?)0*)?)?)?$/.exec(text.trim())
  if (match === null) return null
  const [, day = '', minute = '00:00', second = '00', fraction = ''] = match
  return `${day} ${minute}:${second}.${fraction}`
}
