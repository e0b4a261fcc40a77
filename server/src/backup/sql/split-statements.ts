import { nextToken } from '../../text/sql-tokens'

/**
 * The statements of a plain dump, each without its semicolon and with the comments that stand before it. Knows what
 * pg_dump writes: strings with doubled quotes, E'' strings with backslashes, quoted names, dollar quotes, comments, and
 * the bodies of SQL functions between BEGIN ATOMIC and END, and the commands of a rule in brackets, whose semicolons belong
 * to them.
 */
export function* splitStatements(sql: string): Generator<string> {
  let start = 0
  /** Is there more than comments? */
  let hasContent = false
  /** How many of the BEGIN and the CASEs of a function's body are open. */
  let depth = 0
  let brackets = 0
  /** The words of the statement as far as they tell whether it makes a function. */
  let opening: string[] = []
  for (let token = nextToken(sql, 0); token !== null; token = nextToken(sql, token.end)) {
    const { kind, text } = token
    if (text === ';') {
      if (depth > 0 || brackets > 0) continue
      if (hasContent) yield sql.slice(start, token.start).trim()
      start = token.end
      hasContent = false
      opening = []
    } else if (text === '(') {
      brackets++
    } else if (text === ')') {
      brackets--
    } else if (kind !== 'symbol' && kind !== 'comment') {
      hasContent = true
      if (kind !== 'word') continue
      const word = text.toUpperCase()
      if (opening.length < 4) opening.push(word)
      if (!MAKES_FUNCTION.test(opening.join(' '))) continue
      // Anything may be called `begin`; CASE and END are reserved, so that names of theirs are quoted.
      if (depth === 0) depth = word === 'BEGIN' && isAtomic(sql, token.end) ? 1 : 0
      else if (word === 'CASE') depth++
      else if (word === 'END') depth--
    }
  }
  if (hasContent) yield sql.slice(start).trim()
}

const MAKES_FUNCTION = /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\b/

function isAtomic(sql: string, from: number): boolean {
  return /^\s+ATOMIC\b/i.test(sql.slice(from, from + 40))
}
