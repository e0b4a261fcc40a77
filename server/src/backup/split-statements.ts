/**
 * The statements of a plain dump, each without its semicolon and with the comments that stand before it. Knows what
 * pg_dump writes: strings with doubled quotes, E'' strings with backslashes, quoted names, dollar quotes, comments, and
 * the bodies of SQL functions between BEGIN ATOMIC and END, and the commands of a rule in brackets, whose semicolons belong
 * to them.
 */
export function* splitStatements(sql: string): Generator<string> {
  const token = /['"();]|--|\/\*|\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$|[\p{L}_][\p{L}\p{N}_$]*/gu
  let start = 0
  let hasWords = false
  /** How many of the BEGIN and the CASEs of a function's body are open. */
  let depth = 0
  let brackets = 0
  /** The words of the statement as far as they tell whether it makes a function. */
  let opening: string[] = []
  for (let match = token.exec(sql); match !== null; match = token.exec(sql)) {
    const text = match[0]
    const end = token.lastIndex
    if (text === ';') {
      if (depth > 0 || brackets > 0) continue
      if (hasWords) yield sql.slice(start, match.index).trim()
      start = end
      hasWords = false
      opening = []
    } else if (text === '(') {
      brackets++
    } else if (text === ')') {
      brackets--
    } else if (text === '--') {
      token.lastIndex = endAfter(sql, '\n', end)
    } else if (text === '/*') {
      token.lastIndex = endOfComment(sql, end)
    } else if (text === "'") {
      const escapes = /(?:^|[^\p{L}\p{N}_])[eE]$/u.test(sql.slice(Math.max(0, match.index - 2), match.index))
      token.lastIndex = endOfString(sql, end, escapes)
    } else if (text === '"') {
      token.lastIndex = endAfter(sql, '"', end)
    } else if (text.startsWith('$')) {
      token.lastIndex = endAfter(sql, text, end)
    } else {
      hasWords = true
      const word = text.toUpperCase()
      if (opening.length < 4) opening.push(word)
      if (!MAKES_FUNCTION.test(opening.join(' '))) continue
      // Anything may be called `begin`; CASE and END are reserved, so that names of theirs are quoted.
      if (depth === 0) depth = word === 'BEGIN' && /^\s+ATOMIC\b/i.test(sql.slice(end, end + 40)) ? 1 : 0
      else if (word === 'CASE') depth++
      else if (word === 'END') depth--
    }
  }
  if (hasWords) yield sql.slice(start).trim()
}

const MAKES_FUNCTION = /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\b/

function endAfter(sql: string, mark: string, from: number): number {
  const found = sql.indexOf(mark, from)
  return found === -1 ? sql.length : found + mark.length
}

/** A doubled quote ends one string and begins the next, which comes to the same. */
function endOfString(sql: string, from: number, escapes: boolean): number {
  if (!escapes) return endAfter(sql, "'", from)
  for (let position = from; position < sql.length; position++) {
    if (sql[position] === '\\') position++
    else if (sql[position] === "'" && sql[position + 1] === "'") position++
    else if (sql[position] === "'") return position + 1
  }
  return sql.length
}

/** Comments of this kind nest. */
function endOfComment(sql: string, from: number): number {
  const mark = /\/\*|\*\//g
  mark.lastIndex = from
  for (let depth = 1; depth > 0;) {
    const match = mark.exec(sql)
    if (match === null) return sql.length
    depth += match[0] === '/*' ? 1 : -1
  }
  return mark.lastIndex
}
