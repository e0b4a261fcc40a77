import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { ShapeColumn } from './table-shape'

/**
 * A value of the column's type other than `value`, as text, that hardly any row has: numbers and times far from those
 * in use, so that no writer waits for ours. Null if none is known. A CHECK may still reject it, which only the server
 * can tell.
 */
export function anotherValue(column: ShapeColumn, value: string | null): string | null {
  switch (column.base) {
    case 'int2':
      return String(15_000 + randomInt(1_000))
    case 'int4':
      return String(900_000_000 + randomInt(100_000_000))
    case 'int8':
      return String(4_000_000_000_000_000 + randomInt(1_000_000_000))
    case 'float4':
    case 'float8':
      return String(randomInt(1_000_000))
    case 'numeric':
      return numberWithin(column.type)
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'name':
    case 'citext':
      return anotherText(value ?? '', column.base === 'name' ? 60 : column.length)
    case 'uuid':
      return randomUUID()
    case 'date':
      return `${2200 + randomInt(700)}-0${1 + randomInt(9)}-${10 + randomInt(18)}`
    case 'timestamp':
    case 'timestamptz':
      return `${2200 + randomInt(700)}-01-01 ${10 + randomInt(10)}:${10 + randomInt(50)}:${10 + randomInt(50)}`
    case 'bytea':
      return `\\x${randomBytes(8).toString('hex')}`
    case 'bool':
      return value === 'true' || value === 't' ? 'false' : 'true'
    case 'enum':
      return column.labels?.find((label) => label !== value) ?? null
    case 'jsonb':
    case 'json':
      return `{"made up": ${randomInt(1_000_000)}}`
    default:
      return null
  }
}

/** Whether the type has so many values that an unused one can be generated. */
export function canBeUnique({ base }: ShapeColumn): boolean {
  return !['bool', 'enum', 'json', 'jsonb', 'float4', 'float8'].includes(base)
}

/** A value for a row in an empty table, as text. Null if none is known for the type. */
export function simpleValue(column: ShapeColumn): string | null {
  return column.base === 'array' ? '{}' : anotherValue(column, 'nobody@example.com')
}

/** The existing text follows it, because a CHECK may require its format (`@` in an address). */
function anotherText(value: string, limit: number | null): string | null {
  const token = randomBytes(4).toString('hex')
  if (limit === null) return token + value
  if (limit < 4) return null
  return (token + value).slice(0, Math.max(limit, 0))
}

/** `numeric(6,2)` has four digits before the decimal point. */
function numberWithin(type: string): string | null {
  const digits = /^numeric\((\d+),(\d+)\)$/.exec(type)
  const whole = digits === null ? 9 : Number(digits[1]) - Number(digits[2])
  return whole < 4 ? null : String(randomInt(10 ** Math.min(whole - 1, 12), 10 ** Math.min(whole, 13)))
}
