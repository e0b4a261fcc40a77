/**
 * Do two SQL expressions say the same, as far as their spelling tells? PostgreSQL gives back an expression in its own
 * spelling: it adds casts to literals and brackets around operations, writes keywords in its own case, and knows `now()`
 * and `CURRENT_TIMESTAMP` as two names of one thing. False means only that nobody can tell from the text.
 */
export function sameExpression(left: string, right: string): boolean {
  return left === right || normalizeExpression(left) === normalizeExpression(right)
}

function normalizeExpression(text: string): string {
  const withoutCasts = dropCasts(tokenize(text))
  return withoutCasts.filter((token) => token !== '(' && token !== ')').join(' ')
}

/** Strings, quoted names, words, numbers, operators; everything that is not quoted in lower case. */
function tokenize(text: string): string[] {
  const tokens =
    text.match(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*|\d+(?:\.\d+)?|::|<>|!=|<=|>=|->>|->|\S/gu) ?? []
  return tokens.map(normalizeToken)
}

function normalizeToken(token: string): string {
  if (token.startsWith("'")) return token
  // A quoted name that needs no quotes is the same name without them.
  if (token.startsWith('"')) return /^"[a-z_][a-z0-9_$]*"$/.test(token) ? token.slice(1, -1) : token
  return SYNONYMS.get(token.toLowerCase()) ?? token.toLowerCase()
}

const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['current_timestamp', 'now'],
  ['!=', '<>'],
  ['int', 'integer'],
  ['int4', 'integer'],
  ['int8', 'bigint'],
  ['bool', 'boolean'],
  ['varchar', 'character varying'],
])

const TYPE_WORDS: ReadonlySet<string> = new Set(['varying', 'precision', 'without', 'with', 'time', 'zone'])

/** Drops each `::type`, with its size and its brackets. */
function dropCasts(tokens: readonly string[]): string[] {
  const kept: string[] = []
  for (let position = 0; position < tokens.length; position++) {
    const token = tokens[position]
    if (token === undefined) break
    if (token !== '::') {
      kept.push(token)
      continue
    }
    position = endOfType(tokens, position + 1) - 1
  }
  return kept
}

/** The position after the type that begins at `start`: `character varying(20)[]`, `"Role"`, `public.citext`. */
function endOfType(tokens: readonly string[], start: number): number {
  let position = start + 1
  while (tokens[position] === '.') position += 2
  for (;;) {
    const token = tokens[position]
    if (token !== undefined && TYPE_WORDS.has(token)) position += 1
    else if (token === '(' && /^\d/.test(tokens[position + 1] ?? ''))
      position = tokens.indexOf(')', position) + 1 || tokens.length
    else if (token === '[' && tokens[position + 1] === ']') position += 2
    else return position
  }
}
