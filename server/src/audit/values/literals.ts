import type { ScalarFamily } from '../../expected/model'
import { withoutTrailing } from '../../text/trailing'

/** Whether the literal in the schema is the value in the database. */
export function sameValue(expected: string, actual: string, family: ScalarFamily): boolean {
  switch (family) {
    case 'string':
      return expected === actual
    case 'boolean':
      // In the braces of a list, PostgreSQL prints `t` and `f`.
      return actual !== '' && expected.startsWith(actual.toLowerCase())
    case 'integer':
    case 'decimal':
      return plainNumber(expected) === plainNumber(actual)
    case 'json':
      return sameJson(expected, actual)
    case 'bytes':
      return hexOfBase64(expected) === actual.toLowerCase()
    case 'datetime':
      return sameInstant(expected, actual)
  }
}

/** Without redundant signs and zeros, digit by digit, because it may be larger than a JavaScript number. */
function plainNumber(text: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.trim())
  if (match === null) return text
  const [, sign = '', integer = '', decimals = '', exponent] = match
  if (exponent !== undefined) return String(Number(text))
  const whole = integer.replace(/^0+/, '')
  const fraction = withoutTrailing(decimals, '0')
  const digits = `${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`
  return sign === '-' && digits !== '0' ? `-${digits}` : digits
}

/** Equal if one of them is not JSON, as in Prisma: PostgreSQL or Prisma reports that elsewhere. */
export function sameJson(expected: string, actual: string): boolean {
  try {
    return canonicalJson(JSON.parse(expected)) === canonicalJson(JSON.parse(actual))
  } catch {
    return true
  }
}

/** With sorted keys. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  )
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** `\x…`, as PostgreSQL prints bytes. */
export function hexOfBase64(text: string): string {
  let bits = ''
  for (const character of withoutTrailing(text, '=')) bits += BASE64.indexOf(character).toString(2).padStart(6, '0')
  const bytes = bits.match(/.{8}/g) ?? []
  return '\\x' + bytes.map((byte) => parseInt(byte, 2).toString(16).padStart(2, '0')).join('')
}

/** Prisma reads times without a zone as UTC. Unreadable values count as equal. */
function sameInstant(expected: string, actual: string): boolean {
  const [left, right] = [expected, actual].map(instant)
  if (left === undefined || right === undefined) return true
  return Number.isNaN(left) || Number.isNaN(right) || left === right
}

function instant(text: string): number {
  const iso = text
    .trim()
    .replace(' ', 'T')
    .replace(/([+-]\d\d)$/, '$1:00')
  return Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`)
}
