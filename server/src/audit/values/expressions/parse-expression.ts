import type { Expression } from './expression'
import { parseSpecialCall, SPECIAL_CALLS } from './parse-special-call'
import { readType } from './read-type'
import { TokenReader } from './token-reader'
import { tokenize, type Token } from './tokens'

/**
 * Null if it is not an expression, or has a part that is not supported: subqueries, special syntax of some functions.
 */
export function parseExpression(text: string): Expression | null {
  if (text.length > LONGEST) return null
  const tokens = tokenize(text)
  if (tokens === null || tokens.length > MOST_TOKENS || nestsTooDeep(tokens)) return null
  const reader = new TokenReader(tokens)
  const expression = parse(reader, 0)
  return reader.isAtEnd ? expression : null
}

/** Code that reads an expression recurses into each part: longer and deeper ones are rejected. */
const LONGEST = 20_000
const MOST_TOKENS = 2000
const DEEPEST = 50

/** Parentheses, and prefix operators as in `NOT NOT x` and `- - x`. */
function nestsTooDeep(tokens: readonly Token[]): boolean {
  let depth = 0
  let prefixes = 0
  for (const { kind, text } of tokens) {
    if (text === '(' || text === '[') depth++
    else if (text === ')' || text === ']') depth--
    prefixes = (kind === 'operator' && /^[-+]$/.test(text)) || text.toLowerCase() === 'not' ? prefixes + 1 : 0
    if (depth > DEEPEST || prefixes > DEEPEST) return true
  }
  return false
}

/** PostgreSQL's precedence, lowest first. */
const OR = 1
const AND = 2
const NOT = 3
const IS = 4
const COMPARISON = 5
const PATTERN = 6
const ANY_OTHER = 7
const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ...['<', '>', '=', '<=', '>=', '<>'].map((operator) => [operator, COMPARISON] as const),
  ['+', 8],
  ['-', 8],
  ['*', 9],
  ['/', 9],
  ['%', 9],
  ['^', 10],
])
const AT_TIME_ZONE = 11
const COLLATE = 12
const SIGN = 13

/** Reads operators that bind at least as tightly as `minimum`, from left to right. */
function parse(reader: TokenReader, minimum: number): Expression | null {
  let left = parseOperand(reader)
  while (left !== null) {
    const longer: Expression | null | undefined = parseInfix(reader, left, minimum)
    if (longer === undefined) return left
    left = longer
  }
  return null
}

/** Undefined if no operator follows. */
function parseInfix(reader: TokenReader, left: Expression, minimum: number): Expression | null | undefined {
  const token = reader.peek
  if (token === undefined) return undefined
  if (token.kind === 'word') return parseWordInfix(reader, left, minimum)
  if (token.kind !== 'operator' || ['(', '.', '['].includes(token.text)) return null
  if ([')', ',', ']'].includes(token.text)) return undefined
  if (reader.takeOperator('::')) return cast(left, reader)
  const precedence = PRECEDENCE.get(token.text) ?? ANY_OTHER
  if (precedence < minimum) return undefined
  reader.next()
  return call(token.text, left, parse(reader, precedence + 1))
}

function parseWordInfix(reader: TokenReader, left: Expression, minimum: number): Expression | null | undefined {
  const offers = (precedence: number, ...words: readonly string[]): boolean =>
    precedence >= minimum && reader.take(...words)
  if (offers(OR, 'or')) return call('or', left, parse(reader, OR + 1))
  if (offers(AND, 'and')) return call('and', left, parse(reader, AND + 1))
  if (offers(IS, 'isnull')) return call('isnull', left)
  if (offers(IS, 'notnull')) return call('is not null', left)
  if (offers(IS, 'is')) return parseIs(reader, left)
  if (offers(AT_TIME_ZONE, 'at', 'time', 'zone')) return call('at time zone', left, parse(reader, AT_TIME_ZONE + 1))
  if (offers(COLLATE, 'collate')) return call('collate', left, parseOperand(reader))
  return PATTERN >= minimum ? parsePattern(reader, left) : undefined
}

function parseIs(reader: TokenReader, left: Expression): Expression | null {
  const not = reader.take('not') ? 'not ' : ''
  if (reader.take('distinct', 'from')) return call(`is ${not}distinct from`, left, parse(reader, IS + 1))
  const word = ['null', 'true', 'false', 'unknown'].find((candidate) => reader.take(candidate))
  return word === undefined ? null : call(`is ${not}${word}`, left)
}

function parsePattern(reader: TokenReader, left: Expression): Expression | null | undefined {
  const isNegated = reader.take('not')
  const not = isNegated ? 'not ' : ''
  const like = ['like', 'ilike'].find((word) => reader.take(word))
  if (like !== undefined) return call(not + like, left, parse(reader, PATTERN + 1))
  if (reader.take('in')) {
    const items = reader.takeOperator('(') ? parseList(reader, ')') : null
    return items === null ? null : call(`${not}in`, left, ...items)
  }
  if (!reader.take('between')) return isNegated ? null : undefined
  const low = parse(reader, PATTERN + 1)
  return reader.take('and') ? call(`${not}between`, left, low, parse(reader, PATTERN + 1)) : null
}

function parseOperand(reader: TokenReader): Expression | null {
  const token = reader.next()
  switch (token?.kind) {
    case undefined:
      return null
    case 'string':
    case 'number':
      return { kind: token.kind, text: token.text }
    case 'operator':
      return parseSigned(reader, token.text)
    case 'quoted name':
      return parseNamed(reader, token)
    case 'word':
      return parseWord(reader, token)
  }
}

function parseSigned(reader: TokenReader, sign: string): Expression | null {
  if (sign === '-') return call('negative', parse(reader, SIGN))
  if (sign !== '(') return null
  const inside = parse(reader, 0)
  return reader.takeOperator(')') ? inside : null
}

/** Words that are values. */
const VALUES: ReadonlySet<string> = new Set(
  (
    'true false null current_timestamp current_date current_time localtime localtimestamp current_user session_user user ' +
    'current_role current_catalog current_schema'
  ).split(' '),
)

/** Words that start unsupported syntax, or cannot start an operand. */
const NOT_READ: ReadonlySet<string> = new Set(
  'select exists row and or in is like between some when then else end'.split(' '),
)

/** Types that may precede a literal. */
const TYPES_OF_LITERALS: ReadonlySet<string> = new Set([
  'interval',
  'date',
  'timestamp',
  'timestamptz',
  'time',
  'jsonb',
])

function parseWord(reader: TokenReader, token: Token): Expression | null {
  const { text } = token
  const next = reader.peek
  if (NOT_READ.has(text)) return null
  if (text === 'not') return call('not', parse(reader, NOT))
  if (text === 'cast') return parseCast(reader)
  if (text === 'case') return parseCase(reader)
  if (text === 'array') {
    const items = reader.takeOperator('[') ? parseList(reader, ']') : null
    return items === null ? null : call('array', ...items)
  }
  if (next?.kind === 'string') return TYPES_OF_LITERALS.has(text) ? parseTypedLiteral(reader, text) : null
  const isValue = VALUES.has(text) && !(next?.kind === 'operator' && ['(', '.'].includes(next.text))
  return isValue ? { kind: 'word', text } : parseNamed(reader, token)
}

/** `INTERVAL '1 day'`; not `INTERVAL '1' DAY`, which is more than a type. */
function parseTypedLiteral(reader: TokenReader, type: string): Expression | null {
  const literal = parseOperand(reader)
  const unit = reader.peek
  if (unit?.kind === 'word' && /^(?:year|month|day|hour|minute|second)$/.test(unit.text)) return null
  return cast(literal, new TokenReader([{ kind: 'word', text: type }]), 'literal')
}

function parseCast(reader: TokenReader): Expression | null {
  if (!reader.takeOperator('(')) return null
  const operand = parse(reader, 0)
  if (!reader.take('as')) return null
  const whole = cast(operand, reader, 'cast')
  return reader.takeOperator(')') ? whole : null
}

/** `CASE a WHEN b THEN c ELSE d END` as its operands in order; `case of` if there is a value to compare with. */
function parseCase(reader: TokenReader): Expression | null {
  const hasValue = reader.peek?.text !== 'when'
  const parts = hasValue ? [parse(reader, 0)] : []
  while (reader.take('when')) {
    parts.push(parse(reader, 0), reader.take('then') ? parse(reader, 0) : null)
  }
  parts.push(reader.take('else') ? parse(reader, 0) : { kind: 'word', text: 'null' })
  return reader.take('end') ? call(hasValue ? 'case of' : 'case', ...parts) : null
}

/** A column, with or without its table, or a function with its operands. */
function parseNamed(reader: TokenReader, first: Token): Expression | null {
  const parts = [first.text]
  while (reader.takeOperator('.')) {
    const part = reader.next()
    if (part?.kind !== 'word' && part?.kind !== 'quoted name') return null
    parts.push(part.text)
  }
  const name = parts[parts.length - 1] ?? ''
  if (!reader.takeOperator('(')) return { kind: 'column', name }
  if (SPECIAL_CALLS.has(parts.join('.')))
    return parseSpecialCall(name, reader, () => parse(reader, name === 'position' ? PATTERN + 1 : 0))
  const operands = parseList(reader, ')')
  return operands === null ? null : call(parts[0] === 'pg_catalog' ? name : parts.join('.'), ...operands)
}

/** Up to and including the closing sign. */
function parseList(reader: TokenReader, end: ')' | ']'): Expression[] | null {
  const items: Expression[] = []
  if (reader.takeOperator(end)) return items
  do {
    const item = parse(reader, 0)
    if (item === null) return null
    items.push(item)
  } while (reader.takeOperator(','))
  return reader.takeOperator(end) ? items : null
}

function call(name: string, ...operands: readonly (Expression | null)[]): Expression | null {
  return operands.every((operand) => operand !== null) ? { kind: 'call', name, operands } : null
}

/** Reads the type. */
function cast(operand: Expression | null, reader: TokenReader, syntax = '::'): Expression | null {
  const start = reader.position
  const type = readType(reader)
  if (operand === null || type === null) return null
  return { kind: 'cast', operand, type, written: `${syntax} ${reader.textSince(start)}` }
}
