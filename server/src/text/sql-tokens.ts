export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol' | 'comment' | 'command'
  /** UTF-16 code units from the start of the text. */
  readonly start: number
  readonly end: number
  /** As written. */
  readonly text: string
}

/**
 * The token at or after a position; null at the end. Follows PostgreSQL's scanner: nested comments, all forms of
 * strings, quoted names, dollar quotes. An unterminated quote ends with the text, so that incomplete SQL has tokens
 * too. `command` is a psql command, from the backslash to the end of its line.
 */
export function nextToken(text: string, from: number): Token | null {
  TOKEN.lastIndex = from
  const match = TOKEN.exec(text)
  if (match === null) return null
  const start = match.index
  const found = match[0]
  const { kind, end } = classify(text, found, start)
  return { kind, start, end, text: text.slice(start, end) }
}

/** SQL without its comments; unlike a regular expression, also where strings contain what looks like one. */
export function withoutComments(sql: string): string {
  const parts: string[] = []
  let from = 0
  for (let token = nextToken(sql, 0); token !== null; token = nextToken(sql, token.end)) {
    if (token.kind !== 'comment') continue
    parts.push(sql.slice(from, token.start))
    from = token.end
  }
  return [...parts, sql.slice(from)].join(' ')
}

const TOKEN =
  /--|\/\*|[eE]'|[uU]&['"]|[bBxXnN]'|'|"|\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$|[\p{L}_][\p{L}\p{N}_$]*|\d[\p{L}\p{N}_.]*|::|:=|<>|[<>!]=|\\|\S/gu

function classify(text: string, found: string, start: number): { kind: Token['kind']; end: number } {
  const behind = start + found.length
  if (found === '--') return { kind: 'comment', end: endOfLine(text, behind) }
  if (found === '/*') return { kind: 'comment', end: endOfComment(text, behind) }
  if (found === '\\') return { kind: 'command', end: endOfLine(text, behind) }
  if (found.endsWith("'")) return { kind: 'string', end: endOfString(text, behind, /^e/i.test(found)) }
  if (found.endsWith('"')) return { kind: 'name', end: endOfQuoted(text, '"', behind) }
  if (found.startsWith('$') && found.length > 1) return { kind: 'string', end: endAfter(text, found, behind) }
  if (/^[\p{L}_]/u.test(found)) return { kind: 'word', end: behind }
  if (/^\d/.test(found)) return { kind: 'number', end: behind }
  return { kind: 'symbol', end: behind }
}

function endOfLine(text: string, from: number): number {
  const end = text.slice(from).search(/[\r\n]/)
  return end === -1 ? text.length : from + end
}

function endAfter(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from)
  return found === -1 ? text.length : found + mark.length
}

/** A doubled quote belongs to the quoted text. */
function endOfQuoted(text: string, quote: string, from: number): number {
  for (let end = endAfter(text, quote, from); ; end = endAfter(text, quote, end + 1)) {
    if (text[end] !== quote) return end
  }
}

function endOfString(text: string, from: number, hasEscapes: boolean): number {
  if (!hasEscapes) return endOfQuoted(text, "'", from)
  for (let position = from; position < text.length; position++) {
    if (text[position] === '\\') position++
    else if (text[position] === "'" && text[position + 1] === "'") position++
    else if (text[position] === "'") return position + 1
  }
  return text.length
}

function endOfComment(text: string, from: number): number {
  const mark = /\/\*|\*\//g
  mark.lastIndex = from
  for (let depth = 1; depth > 0;) {
    const match = mark.exec(text)
    if (match === null) return text.length
    depth += match[0] === '/*' ? 1 : -1
  }
  return mark.lastIndex
}
