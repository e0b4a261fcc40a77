import { nextToken } from '../../text/sql-tokens'

/**
 * Splits a plain dump into statements, each without its semicolon and with the comments before it. Parses what pg_dump
 * writes: strings with doubled quotes, E'' strings with backslashes, quoted names, dollar quotes, comments, bodies of
 * SQL functions between BEGIN ATOMIC and END, and commands of a rule in parentheses, whose semicolons are part of them.
 */
export function* splitStatements(sql: string): Generator<string> {
  for (const { statement } of statementsOf(sql)) yield statement
}

/** The same; only the last one may be incomplete, without its semicolon. */
export function* statementsOf(sql: string): Generator<{ readonly statement: string; readonly isComplete: boolean }> {
  let start = 0
  /** Whether there is more than comments. */
  let hasContent = false
  /** The number of open BEGINs and CASEs in a function's body. */
  let depth = 0
  let brackets = 0
  /** The words of the statement, as far as needed to tell whether it creates a function. */
  let opening: string[] = []
  for (let token = nextToken(sql, 0); token !== null; token = nextToken(sql, token.end)) {
    const { kind, text } = token
    if (text === ';') {
      if (depth > 0 || brackets > 0) continue
      if (hasContent) yield { statement: sql.slice(start, token.start).trim(), isComplete: true }
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
      // Anything may be named `begin`; CASE and END are reserved, so names like these are quoted.
      if (depth === 0) depth = word === 'BEGIN' && isAtomic(sql, token.end) ? 1 : 0
      else if (word === 'CASE') depth++
      else if (word === 'END') depth--
    }
  }
  if (hasContent) yield { statement: sql.slice(start).trim(), isComplete: false }
}

const MAKES_FUNCTION = /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\b/

function isAtomic(sql: string, from: number): boolean {
  return /^\s+ATOMIC\b/i.test(sql.slice(from, from + 40))
}
