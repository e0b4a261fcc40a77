import { nextToken, type Token } from '../../text/sql-tokens'

/**
 * Whether the tree of this SQL may be deeper than the grammar in WebAssembly can write out: `1 + 1 + …` and similar
 * chains nest with each operator. Judged by the tokens that may stand between a token and the root, so never too low.
 */
export function nestsDeeply(sql: string): boolean {
  if (sql.length <= DEEPEST) return false
  const outer: Level[] = []
  let level = newLevel('')
  let depth = 0
  let before = ''
  const close = (): void => {
    depth -= level.chained + level.tokens
    level = outer.pop() ?? newLevel('')
  }
  for (let token = nextToken(sql, 0); token !== null; token = nextToken(sql, token.end)) {
    if (token.kind === 'comment') continue
    // Behind a dot or AS, every word is a name.
    const word = before === '.' || before === 'AS' ? '' : wordOf(token)
    before = word
    const opener = CLOSES.get(word)
    if (opener !== undefined) {
      // END also ends other things than a CASE.
      while (opener !== 'CASE' && level.opener === 'CASE') close()
      if (level.opener === opener) close()
    }
    if (word === 'BETWEEN') level.hasBetween = true
    if (CHAINS.has(word)) level.chained++
    else if (word === ',' || (SEPARATES.has(word) && !level.hasBetween)) {
      depth -= level.tokens + 1
      level.tokens = 0
      if (word === ',') level.hasBetween = false
    } else level.tokens++
    if (++depth > DEEPEST) return true
    if (!OPENS.has(word)) continue
    outer.push(level)
    level = newLevel(word)
  }
  return false
}

/** Tokens. The grammar overflows at about 11,000 (`a COLLATE b COLLATE b …`), PostgreSQL itself at 15,000 or more. */
const DEEPEST = 6000

/** Within one pair of parentheses or one CASE. */
interface Level {
  readonly opener: string
  /** Words that nest what stands before them, lists included. */
  chained: number
  /** Since the last separator, whose sides are siblings. */
  tokens: number
  /** Its AND does not separate: in `a BETWEEN b AND c IS NULL`, IS NULL is about all of it. */
  hasBetween: boolean
}

function newLevel(opener: string): Level {
  return { opener, chained: 0, tokens: 0, hasBetween: false }
}

/** In capitals; empty if it is neither a keyword nor a symbol. */
function wordOf({ kind, text }: Token): string {
  return kind === 'word' ? text.toUpperCase() : kind === 'symbol' ? text : ''
}

const OPENS: ReadonlySet<string> = new Set(['(', '[', 'CASE'])
const CLOSES: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['END', 'CASE'],
])
const CHAINS: ReadonlySet<string> = new Set(['UNION', 'INTERSECT', 'EXCEPT', 'JOIN'])
const SEPARATES: ReadonlySet<string> = new Set([';', 'AND', 'OR', 'WHEN', 'THEN', 'ELSE'])
