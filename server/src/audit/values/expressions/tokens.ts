import { startOfTrailing } from '../../../text/trailing'

export interface Token {
  readonly kind: 'string' | 'number' | 'quoted name' | 'word' | 'operator'
  /** A string's value, a number as written, a name as PostgreSQL folds it, an operator. */
  readonly text: string
}

/**
 * Null if unsupported: strings with escapes (`E'…'`), dollar quotes, bit strings, parameters, comments, an unterminated
 * quote.
 */
export function tokenize(text: string): Token[] | null {
  const tokens: Token[] = []
  const pattern = new RegExp(TOKEN, 'uy')
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text)
    if (match === null) return null
    const [, string, quoted, word, number, sign, operators] = match
    if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'") })
    else if (quoted !== undefined) tokens.push({ kind: 'quoted name', text: quoted.replaceAll('""', '"') })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word.toLowerCase() })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (sign !== undefined) tokens.push({ kind: 'operator', text: sign })
    else if (operators !== undefined) {
      if (/--|\/\*/.test(operators)) return null
      const operator = firstOperator(operators)
      pattern.lastIndex -= operators.length - operator.length
      tokens.push({ kind: 'operator', text: operator === '!=' ? '<>' : operator })
    }
  }
  return tokens
}

const TOKEN = [
  String.raw`\s+`,
  String.raw`'([^']*(?:''[^']*)*)'`,
  String.raw`"((?:[^"]|"")[^"]*(?:""[^"]*)*)"`,
  String.raw`([\p{L}_][\p{L}\p{N}_$]*)(?![\p{L}\p{N}_$'])`,
  String.raw`(\d+(?:\.\d+)?)(?![\p{L}\d_.])`,
  String.raw`(::|[(),.[\]])`,
  String.raw`([-+*\/<>=~!@#%^&|?]+)`,
].join('|')

/**
 * An operator of several signs may end in `+` or `-` only if it contains certain other signs: `@-`, but `=` in `=-1`.
 */
function firstOperator(signs: string): string {
  return /[~!@#%^&|?]/.test(signs) ? signs : signs.slice(0, Math.max(1, startOfTrailing(signs, '+', '-')))
}
