import type { Attribute } from '../schema/model'
import type { ExpectedType, ScalarFamily } from './model'

/**
 * The PostgreSQL type of a scalar field, as printed by `format_type`, from Prisma's PostgreSQL connector
 * (prisma-engines, `postgres_datamodel_connector.rs`). Null if it is not a scalar type of Prisma, or if the native type
 * is unknown (from a newer Prisma): then the column's type is not compared.
 */
export function scalarType(name: string, nativeType: Attribute | undefined): ScalarType | null {
  const usual = SCALAR_TYPES.get(name)
  if (usual === undefined) return null
  if (nativeType === undefined) return usual
  const text = nativeTypeText(nativeType)
  return text === null ? null : { kind: 'scalar', text, family: usual.family }
}

export type ScalarType = Extract<ExpectedType, { kind: 'scalar' }>

/** Whether the name is one of Prisma's scalar types, regardless of a native type. */
export function isScalarTypeName(name: string): boolean {
  return SCALAR_TYPES.has(name)
}

/** Of fields without a native type; the columns of all models share them. */
const SCALAR_TYPES: ReadonlyMap<string, ScalarType> = new Map<string, ScalarType>([
  ['String', scalar('text', 'string')],
  ['Boolean', scalar('boolean', 'boolean')],
  ['Int', scalar('integer', 'integer')],
  ['BigInt', scalar('bigint', 'integer')],
  ['Float', scalar('double precision', 'decimal')],
  ['Decimal', scalar('numeric(65,30)', 'decimal')],
  ['DateTime', scalar('timestamp(3) without time zone', 'datetime')],
  ['Json', scalar('jsonb', 'json')],
  ['Bytes', scalar('bytea', 'bytes')],
])

function scalar(text: string, family: ScalarFamily): ScalarType {
  return { kind: 'scalar', text, family }
}

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
