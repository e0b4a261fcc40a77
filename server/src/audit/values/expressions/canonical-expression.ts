import type { Expression } from './expression'

/**
 * One form for all equivalent expressions: PostgreSQL's form of IN, BETWEEN and LIKE, without the casts that it adds.
 */
export type Canonical =
  | { readonly kind: 'literal'; readonly text: string; readonly isNumber: boolean; readonly type: string | null }
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Canonical[] }
  | { readonly kind: 'cast'; readonly operand: Canonical; readonly type: string }

/** The type of a column as `pg_type.typname`; null if it is not a built-in type, or is a domain or an array. */
export type ColumnTypes = (column: string) => string | null

export interface Names {
  readonly columnTypes: ColumnTypes
  readonly defaultSchema: string
}

export function canonicalExpression(expression: Expression, names: Names): Canonical {
  const { columnTypes, defaultSchema } = names
  switch (expression.kind) {
    case 'string':
    case 'number':
      return { kind: 'literal', text: expression.text, isNumber: expression.kind === 'number', type: null }
    case 'column':
      return expression
    case 'word':
      return expression.text === 'current_timestamp' ? call('now') : expression
    case 'cast':
      return canonicalCast(canonicalExpression(expression.operand, names), expression.type, columnTypes)
    case 'call':
      return canonicalCall(
        unqualified(expression.name, defaultSchema),
        expression.operands.map((operand) => canonicalExpression(operand, names)),
        names,
      )
  }
}

function unqualified(name: string, schema: string): string {
  return name.startsWith(`${schema}.`) ? name.slice(schema.length + 1) : name
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'character varying'])
const NUMBERS = /^(?:smallint|integer|bigint|numeric|real|double precision)/

function canonicalCast(operand: Canonical, type: string, columnTypes: ColumnTypes): Canonical {
  if (operand.kind === 'word' && operand.text === 'null') return operand
  if (operand.kind === 'literal') {
    if (operand.type === null) return typedLiteral(operand.text, operand.isNumber, type)
    if (TEXTS.has(operand.type) && TEXTS.has(type)) return { ...operand, type }
  }
  // `(ARRAY['a'::character varying])::text[]` is an array of texts.
  if (operand.kind === 'call' && operand.name === 'array' && type.endsWith('[]')) {
    const ofItem = type.slice(0, -'[]'.length)
    return call('array', ...operand.operands.map((item) => canonicalCast(item, ofItem, columnTypes)))
  }
  // `varchar` uses the operators of `text`, through a cast that changes nothing.
  return TEXTS.has(type) && isText(operand, columnTypes) ? operand : { kind: 'cast', operand, type }
}

function isText(expression: Canonical, columnTypes: ColumnTypes): boolean {
  if (expression.kind === 'column') return ['varchar', 'text'].includes(columnTypes(expression.name) ?? '')
  return (
    expression.kind === 'call' &&
    expression.name === 'coalesce' &&
    expression.operands.every((operand) => operand.kind === 'literal' || isText(operand, columnTypes))
  )
}

/** PostgreSQL prints a negative number as `'-1'::integer`. */
function typedLiteral(text: string, isNumber: boolean, type: string): Canonical {
  const isNumeric = isNumber || (NUMBERS.test(type) && /^-?\d+(?:\.\d+)?$/.test(text))
  return { kind: 'literal', text, isNumber: isNumeric, type }
}

const LIKE: ReadonlyMap<string, string> = new Map([
  ['like', '~~'],
  ['not like', '!~~'],
  ['ilike', '~~*'],
  ['not ilike', '!~~*'],
])

const COMPARISONS: ReadonlySet<string> = new Set(['=', '<>', '<', '>', '<=', '>='])

function canonicalCall(name: string, operands: readonly Canonical[], names: Names): Canonical {
  const { columnTypes, defaultSchema } = names
  const [first, second, third] = operands
  if (first === undefined) return call(name === 'transaction_timestamp' ? 'now' : name)
  if (name === 'and' || name === 'or') return call(name, ...operands.flatMap((each) => flatOperands(each, name)))
  if (name === 'negative' && first.kind === 'literal' && first.isNumber && !first.text.startsWith('-'))
    return { ...first, text: `-${first.text}` }
  if (name === 'nextval' && first.kind === 'literal') {
    return call(name, { ...first, text: unqualifiedSequence(first.text, defaultSchema), type: 'regclass' })
  }
  if (name === 'in') return oneOf('=', 'any', first, operands.slice(1))
  if (name === 'not in') return oneOf('<>', 'all', first, operands.slice(1))
  if (second === undefined) return call(name === 'isnull' ? 'is null' : name, ...operands)
  if (third !== undefined && (name === 'between' || name === 'not between')) {
    const [low, high, joint] = name === 'between' ? (['>=', '<=', 'and'] as const) : (['<', '>', 'or'] as const)
    const part = (operator: string, limit: Canonical) => canonicalCall(operator, [first, limit], names)
    return call(joint, part(low, second), part(high, third))
  }
  if (name === 'is not distinct from') return call('not', call('is distinct from', first, second))
  if (name === 'at time zone') return call('timezone', second, first)
  if (second.kind === 'call' && second.operands[0]?.kind === 'call' && second.operands[0].name === 'array') {
    if (name === '=' && second.name === 'any') return oneOf(name, 'any', first, second.operands[0].operands)
    if (name === '<>' && second.name === 'all') return oneOf(name, 'all', first, second.operands[0].operands)
  }
  if (COMPARISONS.has(name)) return call(name, ...operands.map((operand) => withoutWidening(operand, columnTypes)))
  return call(LIKE.get(name) ?? name, ...operands)
}

function unqualifiedSequence(text: string, schema: string): string {
  const prefix = [`${schema}.`, `"${schema.replaceAll('"', '""')}".`].find((start) => text.startsWith(start))
  return schema === '' || prefix === undefined ? text : text.slice(prefix.length)
}

function oneOf(operator: string, quantifier: string, left: Canonical, items: readonly Canonical[]): Canonical {
  return items.length === 1 ? call(operator, left, ...items) : call(`${operator} ${quantifier}`, left, ...items)
}

function flatOperands(operand: Canonical, name: string): readonly Canonical[] {
  return operand.kind === 'call' && operand.name === name ? operand.operands : [operand]
}

/** An integer compares the same as `numeric`, to which PostgreSQL converts it next to one. */
function withoutWidening(operand: Canonical, columnTypes: ColumnTypes): Canonical {
  const isWidened = operand.kind === 'cast' && operand.type === 'numeric' && isWhole(operand.operand, columnTypes)
  return isWidened ? operand.operand : operand
}

const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', 'negative'])

function isWhole(expression: Canonical, columnTypes: ColumnTypes): boolean {
  switch (expression.kind) {
    case 'column':
      return ['int2', 'int4', 'int8'].includes(columnTypes(expression.name) ?? '')
    case 'literal':
      return expression.isNumber && !expression.text.includes('.') && ['integer', null].includes(expression.type)
    case 'call':
      return ARITHMETIC.has(expression.name) && expression.operands.every((operand) => isWhole(operand, columnTypes))
    case 'cast':
    case 'word':
      return false
  }
}

function call(name: string, ...operands: readonly Canonical[]): Canonical {
  return { kind: 'call', name, operands }
}
