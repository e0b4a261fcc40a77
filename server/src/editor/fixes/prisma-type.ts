import type { BaseType, Column } from '../../database/model'
import { databaseNameOf, databaseSchemaOf, datasourceOf, enumsOf } from '../../schema/lookup'
import type { EnumBlock, SchemaModel } from '../../schema/model'
import { withoutTrailing } from '../../text/trailing'

/** A column's type in Prisma's syntax. */
export interface PrismaType {
  /** `String`, an enum's name, `Unsupported("point")`; without `?` and `[]`. */
  readonly name: string
  /** `@db.VarChar(20)`; null if the column has Prisma's default type. */
  readonly native: { readonly name: string; readonly text: string } | null
  readonly enumeration: EnumBlock | null
}

/** Null for an enum that the schema does not have. */
export function prismaTypeOf(column: Column, schema: SchemaModel, defaultSchema: string): PrismaType | null {
  const actual: BaseType = column.base ?? column
  if (actual.typeKind === 'e') {
    const enumeration = enumOf(actual, schema, defaultSchema)
    return enumeration === null ? null : { name: enumeration.name.text, native: null, enumeration }
  }
  const known = actual.typeSchema === 'pg_catalog' || actual.typeName === 'citext' ? TYPES[actual.typeName] : undefined
  const element = withoutTrailing(actual.type, '[]')
  if (known === undefined) return { name: `Unsupported(${JSON.stringify(element)})`, native: null, enumeration: null }
  const native = known.native(sizesOf(element))
  const datasource = datasourceOf(schema)?.block.name.text ?? 'db'
  const name = native === null ? null : `${datasource}.${native}`
  return {
    name: known.name,
    native: name === null ? null : { name: name.replace(/\(.*/, ''), text: `@${name}` },
    enumeration: null,
  }
}

interface KnownType {
  readonly name: string
  native(sizes: readonly string[]): string | null
}

/** As `prisma db pull` writes them (prisma-engines, `postgres_datamodel_connector.rs`). */
const TYPES: Readonly<Record<string, KnownType>> = {
  int2: plain('Int', 'SmallInt'),
  int4: plain('Int', null),
  int8: plain('BigInt', null),
  oid: plain('Int', 'Oid'),
  float4: plain('Float', 'Real'),
  float8: plain('Float', null),
  numeric: {
    name: 'Decimal',
    native: (sizes) => (sizes.join() === '65,30' ? null : sized('Decimal', sizes.slice(0, 2), ', ')),
  },
  money: plain('Decimal', 'Money'),
  bool: plain('Boolean', null),
  text: plain('String', null),
  citext: plain('String', 'Citext'),
  uuid: plain('String', 'Uuid'),
  xml: plain('String', 'Xml'),
  inet: plain('String', 'Inet'),
  varchar: { name: 'String', native: (sizes) => sized('VarChar', sizes) },
  bpchar: { name: 'String', native: (sizes) => sized('Char', sizes) },
  char: plain('String', 'Char(1)'),
  bit: { name: 'String', native: (sizes) => sized('Bit', sizes) },
  varbit: { name: 'String', native: (sizes) => sized('VarBit', sizes) },
  timestamp: { name: 'DateTime', native: ([digits = '6']) => (digits === '3' ? null : `Timestamp(${digits})`) },
  timestamptz: { name: 'DateTime', native: ([digits = '6']) => `Timestamptz(${digits})` },
  date: plain('DateTime', 'Date'),
  time: { name: 'DateTime', native: ([digits = '6']) => `Time(${digits})` },
  timetz: { name: 'DateTime', native: ([digits = '6']) => `Timetz(${digits})` },
  json: plain('Json', 'Json'),
  jsonb: plain('Json', null),
  bytea: plain('Bytes', null),
}

function plain(name: string, native: string | null): KnownType {
  return { name, native: () => native }
}

function sized(name: string, sizes: readonly string[], separator = ''): string {
  return sizes.length === 0 ? name : `${name}(${sizes.join(separator)})`
}

/** The numbers in `numeric(10,2)`. */
function sizesOf(type: string): string[] {
  return /\(([^()]*)\)/.exec(type)?.[1]?.split(',') ?? []
}

function enumOf(type: BaseType, schema: SchemaModel, defaultSchema: string): EnumBlock | null {
  const found = enumsOf(schema).find(
    ({ block }) =>
      databaseNameOf(block) === type.typeName && (databaseSchemaOf(block) ?? defaultSchema) === type.typeSchema,
  )
  return found?.block ?? null
}
