import type { Attribute } from '../schema/model'
import type { ScalarFamily } from './model'

/**
 * The PostgreSQL type of a scalar field, as printed by `format_type`, from Prisma's PostgreSQL connector
 * (prisma-engines, `postgres_datamodel_connector.rs`). Null if it is not a scalar type of Prisma, or if the native type
 * is unknown (from a newer Prisma): then the column's type is not compared.
 */
export function scalarType(
  name: string,
  nativeType: Attribute | undefined,
): { text: string; family: ScalarFamily } | null {
  const family = SCALAR_FAMILIES.get(name)
  if (family === undefined) return null
  if (nativeType === undefined) return { text: DEFAULT_TYPES.get(name) ?? '', family }
  const text = nativeTypeText(nativeType)
  return text === null ? null : { text, family }
}

/** Whether the name is one of Prisma's scalar types, regardless of a native type. */
export function isScalarTypeName(name: string): boolean {
  return SCALAR_FAMILIES.has(name)
}

const SCALAR_FAMILIES: ReadonlyMap<string, ScalarFamily> = new Map<string, ScalarFamily>([
  ['String', 'string'],
  ['Boolean', 'boolean'],
  ['Int', 'integer'],
  ['BigInt', 'integer'],
  ['Float', 'decimal'],
  ['Decimal', 'decimal'],
  ['DateTime', 'datetime'],
  ['Json', 'json'],
  ['Bytes', 'bytes'],
])

const DEFAULT_TYPES: ReadonlyMap<string, string> = new Map([
  ['String', 'text'],
  ['Boolean', 'boolean'],
  ['Int', 'integer'],
  ['BigInt', 'bigint'],
  ['Float', 'double precision'],
  ['Decimal', 'numeric(65,30)'],
  ['DateTime', 'timestamp(3) without time zone'],
  ['Json', 'jsonb'],
  ['Bytes', 'bytea'],
])

const PLAIN_NATIVE_TYPES: ReadonlyMap<string, string> = new Map([
  ['SmallInt', 'smallint'],
  ['Integer', 'integer'],
  ['BigInt', 'bigint'],
  ['Money', 'money'],
  ['Inet', 'inet'],
  ['Oid', 'oid'],
  ['Citext', 'citext'],
  ['Real', 'real'],
  ['DoublePrecision', 'double precision'],
  ['Text', 'text'],
  ['ByteA', 'bytea'],
  ['Date', 'date'],
  ['Boolean', 'boolean'],
  ['Uuid', 'uuid'],
  ['Xml', 'xml'],
  ['Json', 'json'],
  ['JsonB', 'jsonb'],
])

function nativeTypeText(attribute: Attribute): string | null {
  const name = attribute.name.text.slice(attribute.name.text.indexOf('.') + 1)
  const plain = PLAIN_NATIVE_TYPES.get(name)
  if (plain !== undefined) return plain
  const numbers = attribute.arguments.flatMap(({ value }) => (value.kind === 'number' ? [value.value] : []))
  const [first, second] = numbers
  const size = first === undefined ? '' : `(${first})`
  switch (name) {
    case 'VarChar':
      return `character varying${size}`
    case 'Char':
      return `character${size}`
    case 'Bit':
      return `bit${size}`
    case 'VarBit':
      return `bit varying${size}`
    case 'Decimal':
      return first === undefined ? 'numeric' : `numeric(${first},${second ?? '0'})`
    case 'Timestamp':
      return `timestamp${size} without time zone`
    case 'Timestamptz':
      return `timestamp${size} with time zone`
    case 'Time':
      return `time${size} without time zone`
    case 'Timetz':
      return `time${size} with time zone`
    default:
      return null
  }
}
