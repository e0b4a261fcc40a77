import { nextToken, type Token } from '../../text/sql-tokens'

/**
 * Whether an INSERT inserts constants and nothing else, as pg_dump writes it: `INSERT INTO public.t (a) VALUES (1,
 * 'b')`. Anything that computes a value could call a function.
 */
export function insertsConstants(statement: string): boolean {
  const tokens = tokensOf(statement)
  let isInValues = false
  const tail: string[] = []
  for (const { kind, text } of tokens) {
    const word = kind === 'word' ? text.toUpperCase() : null
    if (!isInValues) {
      if (word === 'VALUES') isInValues = true
      else if (word === 'SELECT' || word === 'WITH' || word === 'TABLE') return false
    } else if (word !== null) {
      if (tail.length > 0 || !VALUES.has(word)) tail.push(word)
    } else if (tail.length > 0 || !(CONSTANTS.has(kind) || MARKS.has(text))) return false
  }
  return isInValues && (tail.length === 0 || tail.join(' ') === 'ON CONFLICT DO NOTHING')
}

/**
 * Whether a SELECT calls one of pg_dump's functions with constants, and nothing else:
 * `SELECT pg_catalog.setval('public.a', 1, true)`.
 */
export function callsWithConstants(statement: string): boolean {
  const rest = CALL.exec(statement)
  if (rest === null) return false
  let depth = 1
  let before: Token | null = null
  for (const token of tokensOf(statement, rest[0].length)) {
    const { kind, text } = token
    if (depth === 0) return LARGE_OBJECT_IS_NEW.test(statement.slice(token.start))
    if (text === '(' || text === ')') depth += text === '(' ? 1 : -1
    else if (kind === 'word') {
      const isType = TYPES.has(text.toLowerCase()) && before?.text === '::'
      const isConstant = VALUES.has(text.toUpperCase()) || text.toUpperCase() === 'ARRAY'
      if (!isType && !isConstant) return false
    } else if (!(CONSTANTS.has(kind) || MARKS.has(text))) return false
    before = token
  }
  return depth === 0
}

const CALL =
  /^\s*(?:--[^\n]*\n\s*)*SELECT (?:\* FROM )?pg_catalog\.(?:set_config\((?='search_path',)|(?:setval|lo_create|lo_open|lowrite|lo_close|lo_put|lo_unlink|pg_restore_\w+_stats)\()/

/** Of our own export. */
const LARGE_OBJECT_IS_NEW =
  /^WHERE NOT EXISTS \(SELECT FROM pg_catalog\.pg_largeobject_metadata AS m WHERE m\.oid = \d+\)$/

const VALUES: ReadonlySet<string> = new Set(['NULL', 'DEFAULT', 'TRUE', 'FALSE'])
/** `smallint` is that of the column of an index on an expression, in statistics. */
const TYPES: ReadonlySet<string> = new Set([
  ...['smallint', 'integer', 'bigint', 'boolean', 'real', 'text', 'regclass', 'name', 'oid'],
])
const CONSTANTS: ReadonlySet<Token['kind']> = new Set(['string', 'number'])
const MARKS: ReadonlySet<string> = new Set(['(', ')', '[', ']', ',', '-', '+', '.', '::'])

/** Without comments. */
function* tokensOf(sql: string, from = 0): Generator<Token> {
  for (let token = nextToken(sql, from); token !== null; token = nextToken(sql, token.end)) {
    if (token.kind !== 'comment') yield token
  }
}
