/** The value of a string literal, from its source with the quotes. Escapes are those of JSON; others are literal. */
export function stringValue(literal: string): string {
  const content = literal.slice(1, literal.length > 1 && literal.endsWith('"') ? -1 : undefined)
  if (!content.includes('\\')) return content
  return content.replace(
    /\\(?:u([0-9a-fA-F]{4})|(.))/gs,
    (_, hexadecimal: string | undefined, letter: string | undefined) =>
      hexadecimal === undefined ? unescaped(letter ?? '') : String.fromCharCode(parseInt(hexadecimal, 16)),
  )
}

function unescaped(letter: string): string {
  switch (letter) {
    case 'n':
      return '\n'
    case 't':
      return '\t'
    case 'r':
      return '\r'
    case 'b':
      return '\b'
    case 'f':
      return '\f'
    default:
      return letter
  }
}
