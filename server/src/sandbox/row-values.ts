import type { Column, DatabaseEnum } from '../database/model'
import { quoteLiteral, quoteQualified } from '../database/quote'
import { generatedValue } from '../migration/rehearsal/generated-values'

/** SQL for a value of the column in the row with number `row`; null if its type is not supported. */
export function rowValue(column: Column, row: string): string | null {
  const value = expressionOf(column)
  if (value === null || row === 'i' || !/\bi\b/.test(value)) return value
  return `(SELECT ${value} FROM (SELECT ${row} AS i) AS numbered)`
}

/** Whether an INSERT has to provide a value for the column. */
export function isOwn({ generated, identity, default: value }: Column): boolean {
  return generated === null && identity === null && value === null
}

/** The number of distinct values that such a column gets, as far as that matters for a few rows. */
export function capacityOf(column: Column, enums: readonly DatabaseEnum[]): number {
  const { isArray, typeKind, typeName, typeSchema, type } = column
  if (isArray) return 1
  if (typeKind === 'e') {
    return enums.find(({ schema, name }) => schema === typeSchema && name === typeName)?.values.length ?? 1
  }
  if (typeName === 'bool') return 2
  if (CONSTANT.has(typeName)) return 1
  const length = Number(/\((\d+)\)/.exec(type)?.[1] ?? 0)
  if (typeName === 'bit') return length >= 5 ? Infinity : 2 ** Math.max(length, 1) - 1
  return length > 0 && TEXTS.has(typeName) ? 10 ** length - 1 : Infinity
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'citext'])

/** Types for which every row gets the same value. */
const CONSTANT: ReadonlySet<string> = new Set([
  'json',
  'jsonb',
  'varbit',
  'char',
  'xml',
  'hstore',
  'tsvector',
  'tsquery',
])

function expressionOf(column: Column): string | null {
  const { isArray, typeKind, typeName, typeSchema, type } = column
  if (isArray || typeKind !== 'b' || typeName === 'xml') return typeName === 'xml' ? null : generatedValue(column)
  const spelled = typeSchema === 'pg_catalog' ? type : quoteQualified(typeSchema, typeName)
  if (TEXTS.has(typeName)) return `(${textOf(column)})::${spelled}`
  if (MOMENTS.has(typeName)) return `(TIMESTAMP '2026-01-01 09:00:00' + i * INTERVAL '25 hours')::${spelled}`
  if (typeName === 'numeric') {
    const scale = Number(/,(\d+)\)/.exec(type)?.[1] ?? 0)
    return `i * 10::numeric ^ -${String(scale)}`
  }
  return generatedValue(column)
}

const MOMENTS: ReadonlySet<string> = new Set(['date', 'time', 'timestamp', 'timestamptz'])

/**
 * A text that resembles the column's name. A short one begins with its number, so that it stays distinct when
 * truncated.
 */
function textOf({ name, type }: Column): string {
  const length = Number(/\((\d+)\)/.exec(type)?.[1] ?? Infinity)
  if (length < SHORT) return `i || ${quoteLiteral(` ${name}`).trimStart()}`
  if (/e-?mail/i.test(name)) return `'person' || i || '@example.com'`
  if (/url|link|website/i.test(name)) return `'https://example.com/' || i`
  return `${quoteLiteral(`${name} `).trimStart()} || i`
}

/** Characters. */
const SHORT = 80
