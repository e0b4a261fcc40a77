import type { Column } from '../../database/model'
import { quoteLiteral, quoteQualified } from '../../database/quote'

/**
 * An SQL expression with a different value for each row; `i` is the row's number, starting at 1. Null if the type is
 * not supported. Whether it satisfies a CHECK or a domain, only the server can tell.
 */
export function generatedValue(column: Column): string | null {
  if (column.isArray) return `'{}'`
  switch (column.typeKind) {
    case 'e':
      return enumLabel(quoteQualified(column.typeSchema, column.typeName))
    case 'r':
      return `'empty'`
    case 'm':
      return `'{}'`
    case 'd':
      return `i::text::${typeOf(column)}`
    default:
      return VALUES[column.typeName]?.(typeOf(column)) ?? null
  }
}

/** Nullable columns, and those with a value of their own, are omitted. */
export function needsValue(column: Column): boolean {
  return !column.nullable && column.default === null && column.identity === null && column.generated === null
}

/** The type for a cast: PostgreSQL's own with its length, others with their schema. */
function typeOf(column: Column): string {
  return column.typeSchema === 'pg_catalog' ? column.type : quoteQualified(column.typeSchema, column.typeName)
}

function enumLabel(type: string): string {
  const labels = `enum_range(NULL::${type})`
  return `(${labels})[1 + (i - 1) % array_length(${labels}, 1)]`
}

const number = () => 'i'
/**
 * A cast truncates a text to the column's length, while an assignment would fail; the number comes first, so that it
 * remains.
 */
const text = (type: string) => `(i || ' made up')::${type}`
const moment = (type: string) => `(TIMESTAMP '2001-01-01 00:00:00' + i * INTERVAL '1 hour')::${type}`
const fixed = (value: string) => () => quoteLiteral(value)

/** By the unqualified name in `pg_type`. */
const VALUES: Readonly<Record<string, (type: string) => string>> = {
  int2: number,
  int4: number,
  int8: number,
  float4: number,
  float8: number,
  numeric: number,
  oid: number,
  money: (type) => `i::${type}`,
  text,
  varchar: text,
  bpchar: text,
  name: text,
  citext: text,
  char: fixed('a'),
  bool: () => 'i % 2 = 0',
  uuid: () => `('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid`,
  date: moment,
  timestamp: moment,
  timestamptz: moment,
  time: moment,
  timetz: (type) => `(TIME '00:00' + i * INTERVAL '1 minute')::${type}`,
  interval: () => `i * INTERVAL '1 hour'`,
  json: fixed('{}'),
  jsonb: fixed('{}'),
  xml: fixed('<a/>'),
  bytea: () => `decode(lpad(to_hex(i), 2, '0'), 'hex')`,
  bit: (type) => `i::${type}`,
  varbit: fixed('1'),
  inet: () => `('192.0.2.' || i)::inet`,
  cidr: () => `('192.0.2.' || i)::cidr`,
  macaddr: () => `('00:00:5e:00:53:0' || i)::macaddr`,
  macaddr8: () => `('00:00:5e:00:53:00:00:0' || i)::macaddr8`,
  point: () => 'point(i, i)',
  line: fixed('{1,2,3}'),
  lseg: fixed('[(0,0),(1,1)]'),
  box: fixed('(1,1),(0,0)'),
  path: fixed('((0,0),(1,1))'),
  polygon: fixed('((0,0),(1,1),(1,0))'),
  circle: fixed('<(0,0),1>'),
  tsvector: fixed('made:1 up:2'),
  tsquery: fixed('made & up'),
  hstore: fixed(''),
  ltree: (type) => `('r' || i)::${type}`,
}
