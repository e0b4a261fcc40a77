import type { Expression } from './expression'
import type { TokenReader } from './token-reader'

/**
 * Functions whose operands are separated by words: EXTRACT(day FROM x), SUBSTRING(x FROM 2 FOR 3), TRIM(BOTH 'a' FROM
 * x).
 */
export const SPECIAL_CALLS: ReadonlySet<string> = new Set(['extract', 'substring', 'overlay', 'position', 'trim'])

/**
 * Reads the operands after the opening parenthesis and the closing one, as the plain call of the same function if there
 * is one. Null if unsupported.
 */
export function parseSpecialCall(
  name: string,
  reader: TokenReader,
  parseOperand: () => Expression | null,
): Expression | null {
  const side = name === 'trim' ? ['both', 'leading', 'trailing'].find((word) => reader.take(word)) : undefined
  const operands: Expression[] = []
  const words: string[] = []
  if (side !== undefined && reader.take('from')) words.push('from')
  for (;;) {
    const operand = parseOperand()
    if (operand === null) return null
    operands.push(operand)
    if (reader.takeOperator(')')) break
    const word = reader.takeOperator(',') ? ',' : SEPARATORS.find((each) => reader.take(each))
    if (word === undefined) return null
    words.push(word)
  }
  const [first, second] = operands
  switch (`${name} ${words.join(' ')}`) {
    case 'extract from':
      // The field is a name or a string.
      if (first?.kind === 'column') return plain(name, [{ kind: 'string', text: first.name }, ...operands.slice(1)])
      return first?.kind === 'string' ? plain(name, operands) : null
    case 'position in':
      return first === undefined || second === undefined ? null : plain(name, [second, first])
    case 'trim ':
    case 'trim from':
    case 'trim ,':
      return parsedTrim(side ?? 'both', operands, words)
    case 'substring from':
    case 'substring from for':
    case 'overlay placing from':
    case 'overlay placing from for':
      return plain(name, operands)
    default:
      return name !== 'extract' && words.every((word) => word === ',') ? plain(name, operands) : null
  }
}

const SEPARATORS = ['from', 'for', 'placing', 'in']

const TRIMS: Readonly<Record<string, string>> = { both: 'btrim', leading: 'ltrim', trailing: 'rtrim' }

/** TRIM(BOTH 'a' FROM x) is btrim(x, 'a'). */
function parsedTrim(side: string, operands: readonly Expression[], words: readonly string[]): Expression | null {
  const isTurned = words[0] === 'from' && operands.length === 2
  return plain(TRIMS[side] ?? side, isTurned ? [...operands].reverse() : operands)
}

function plain(name: string, operands: readonly Expression[]): Expression {
  return { kind: 'call', name, operands }
}
