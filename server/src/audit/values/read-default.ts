import type { Column } from '../../database/model'
import type { ScalarFamily } from '../../expected/model'

/** A column's default as far as it can be parsed; `text` is PostgreSQL's spelling. */
export type ActualDefault =
  | { readonly kind: 'none' }
  | { readonly kind: 'sequence'; readonly text: string }
  | { readonly kind: 'now'; readonly text: string }
  | { readonly kind: 'literal'; readonly value: string; readonly text: string }
  | { readonly kind: 'list'; readonly values: readonly string[]; readonly text: string }
  | { readonly kind: 'expression'; readonly text: string }

/**
 * Parses the output of `pg_get_expr`: `'x'::text`, `'-1'::integer`, `ARRAY['a'::text]`, `now()`. Null family: an
 * expression.
 */
export function readDefault(column: Column, family: ScalarFamily | null): ActualDefault {
  if (column.identity !== null) return { kind: 'sequence', text: 'identity' }
  const whole = column.generated ?? column.default
  const text = whole?.trim() ?? 'NULL'
  if (whole === null || /^null(?:::|$)/i.test(text)) return { kind: 'none' }
  // PostgreSQL prints CASE on a new line, and Prisma's engine compares that too.
  const expression: ActualDefault = { kind: 'expression', text: whole }
  if (column.generated !== null) return expression
  if (/^nextval\s*\(/i.test(text)) return { kind: 'sequence', text }
  if (family === null) return expression
  if (column.isArray) return readList(text)
  const bare = withoutCasts(text)
  if (family === 'datetime' && /^(?:now\(\)|current_timestamp)$/i.test(bare)) return { kind: 'now', text }
  const value = readLiteral(bare)
  return value === null ? expression : { kind: 'literal', value, text }
}

const TYPE = String.raw`(?:"(?:[^"]|"")[^"]*(?:""[^"]*)*"|[a-z_][a-z0-9_ ]*)`
const CAST = new RegExp(
  String.raw`::${TYPE}(?:\.${TYPE})?(?:\(\d+(?:,\d+)?\))?(?: with(?:out)? time zone)?(?:\[\])*$`,
  'i',
)

/** Without trailing casts and outer parentheses. */
function withoutCasts(text: string): string {
  for (let bare = text; ;) {
    const next = withoutBrackets(isQuotedWhole(bare) ? bare : bare.replace(CAST, '')).trim()
    if (next === bare) return bare
    bare = next
  }
}

/** A single string with nothing after it, so that `::` inside is not a cast. */
function isQuotedWhole(text: string): boolean {
  return /^'[^']*(?:''[^']*)*'$/.test(text)
}

/** Only around an expression without further parentheses, such as `(-1.5)`. */
function withoutBrackets(text: string): string {
  return /^\([^()]*\)$/.test(text) ? text.slice(1, -1) : text
}

function readLiteral(text: string): string | null {
  if (isQuotedWhole(text)) return text.slice(1, -1).replaceAll("''", "'")
  return /^(?:-?\d+(?:\.\d+)?|true|false)$/i.test(text) ? text : null
}

function readList(text: string): ActualDefault {
  const bare = withoutCasts(text)
  const values = /^ARRAY\[[^]*\]$/.test(bare)
    ? readArray(bare.slice('ARRAY['.length, -1))
    : readBraces(readLiteral(bare))
  return values === null ? { kind: 'expression', text } : { kind: 'list', values, text }
}

/** The items in `ARRAY['a'::text, 'b'::text]`; null if one is not a literal. */
function readArray(items: string): string[] | null {
  if (items.trim() === '') return []
  const parts = items.match(/(?:'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*"|\([^()]*\)|[^,'"(]+)+/g) ?? []
  const values = parts.map((part) => readLiteral(withoutCasts(part.trim())))
  return values.every((value) => value !== null) ? values : null
}

/** The items of `{a,"b c"}`; null if it is nested or contains NULL. */
function readBraces(text: string | null): string[] | null {
  const inside = text === null ? undefined : /^\{([^{}]*)\}$/.exec(text)?.[1]
  if (inside === undefined) return null
  if (inside.trim() === '') return []
  const parts = inside.match(/"[^"\\]*(?:\\.[^"\\]*)*"|[^,"]+/g) ?? []
  if (parts.some((part) => part.trim() === 'NULL')) return null
  return parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replace(/\\(.)/g, '$1') : part.trim()))
}
