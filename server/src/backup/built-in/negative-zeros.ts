import { nextToken } from '../../text/sql-tokens'
import { splitStatements } from '../sql/split-statements'

/**
 * A plain dump whose INSERTs quote each negative zero. pg_dump writes it as a number, which PostgreSQL reads as the
 * integer 0: the column would lose the sign.
 */
export function quoteNegativeZeros(dump: string): string {
  if (!/[( ]-0[,)]/.test(dump)) return dump
  const pieces: string[] = []
  let copied = 0
  for (const statement of splitStatements(dump)) {
    const start = dump.indexOf(statement, copied)
    const end = start + statement.length
    pieces.push(dump.slice(copied, start), INSERTS.test(statement) ? withQuotedZeros(statement) : statement)
    copied = end
  }
  return [...pieces, dump.slice(copied)].join('')
}

const INSERTS = /^\s*(?:--[^\n]*\n\s*)*INSERT INTO /

function withQuotedZeros(insert: string): string {
  const pieces: string[] = []
  let copied = 0
  let isNegative = false
  for (let token = nextToken(insert, 0); token !== null; token = nextToken(insert, token.end)) {
    if (isNegative && token.text === '0') {
      pieces.push(insert.slice(copied, token.start - 1), "'-0'")
      copied = token.end
    }
    isNegative = token.text === '-'
  }
  return [...pieces, insert.slice(copied)].join('')
}
