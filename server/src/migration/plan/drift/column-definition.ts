import type { ExpectedColumn, ExpectedDefault } from '../../../expected/model'
import { hexOfBase64 } from '../../../audit/values/literals'
import type { DatabaseModel } from '../../../database/model'
import { quoteLiteral, quoteQualified } from '../../../database/quote'
import type { ColumnType } from '../audit-target'

/** How Prisma would create a column: its type and its default. */
export interface ColumnDefinition {
  readonly type: ColumnType
  /** Numbered by a sequence that the column owns; CREATE TABLE creates one with `serial`. */
  readonly serial: string | null
  /** In SQL; null for none. */
  readonly default: string | null
  /** Whether the default is the same for all rows, so that PostgreSQL stores it in the catalog and rewrites nothing. */
  readonly isConstant: boolean
}

/** Null if the schema does not define enough: a type that is incomplete or unknown. */
export function columnDefinition(column: ExpectedColumn, database: Names): ColumnDefinition | null {
  const element = elementType(column, database)
  if (element === null) return null
  const list = column.isList ? '[]' : ''
  const type = {
    sql: element.sql + list,
    catalog: element.catalog + list,
    dataType: column.isList ? 'ARRAY' : element.dataType,
  }
  const isCounted = column.default?.kind === 'sequence'
  const serial = isCounted ? (SERIAL_TYPES.get(element.catalog) ?? null) : null
  if (isCounted) return serial === null ? null : { type, serial, default: null, isConstant: false }
  const value = column.default === null ? null : defaultText(column.default, column, element.sql)
  return { type, serial, default: value, isConstant: value === null || isConstant(column.default) }
}

type Names = Pick<DatabaseModel, 'defaultSchema' | 'extensions'>

/** `"name" text NOT NULL DEFAULT 'x'` without the name. */
export function columnClause(definition: ColumnDefinition, nullable: boolean): string {
  return [
    definition.serial ?? definition.type.sql,
    ...(nullable ? [] : ['NOT NULL']),
    ...(definition.default === null ? [] : [`DEFAULT ${definition.default}`]),
  ].join(' ')
}

/** `catalog` is null for a type that only the server can spell: then it is not compared. */
function elementType({ type }: ExpectedColumn, { defaultSchema, extensions }: Names) {
  switch (type.kind) {
    case 'scalar': {
      // The only extension type with a Prisma name.
      const home = type.text === 'citext' ? extensions.find(({ name }) => name === 'citext')?.schema : undefined
      if (home !== undefined && home !== defaultSchema) {
        const name = quoteQualified(home, type.text)
        return { sql: name, catalog: name, dataType: null }
      }
      return { sql: type.text, catalog: type.text, dataType: type.text }
    }
    case 'enum': {
      const name = quoteQualified(type.schema ?? defaultSchema, type.name)
      return { sql: name, catalog: name, dataType: null }
    }
    case 'unsupported':
      return { sql: type.text, catalog: type.text, dataType: null }
    case 'unknown':
      return null
  }
}

const SERIAL_TYPES: ReadonlyMap<string, string> = new Map([
  ['smallint', 'smallserial'],
  ['integer', 'serial'],
  ['bigint', 'bigserial'],
])

function defaultText(value: ExpectedDefault, column: ExpectedColumn, elementType: string): string | null {
  switch (value.kind) {
    case 'now':
      return 'CURRENT_TIMESTAMP'
    case 'sequence':
      return null
    case 'literal':
      return literal(value.value, column)
    case 'list':
      return `ARRAY[${value.values.map((item) => literal(item, column)).join(', ')}]::${elementType}[]`
    case 'expression':
      return value.text
  }
}

function literal(text: string, { type }: ExpectedColumn): string {
  const family = type.kind === 'scalar' ? type.family : 'string'
  if (family === 'integer' || family === 'decimal' || family === 'boolean') return text
  return quoteLiteral(family === 'bytes' ? hexOfBase64(text) : text).trimStart()
}

/** For an expression, only what is certain: a constant with its casts, or the start time of the transaction. */
function isConstant(value: ExpectedDefault | null): boolean {
  if (value === null || value.kind === 'literal' || value.kind === 'list' || value.kind === 'now') return true
  return value.kind === 'expression' && value.text !== null && CONSTANT.test(value.text)
}

const CAST = String.raw`(?:::[\w ".]+(?:\(\d+(?:,\s*\d+)?\))?(?:\[\])*)*`

const CONSTANT = new RegExp(
  String.raw`^\s*(?:'[^']*(?:''[^']*)*'${CAST}|-?\d+(?:\.\d+)?${CAST}|true|false|null|now\(\)|current_(?:timestamp|date)|\(?now\(\) at time zone 'utc'(?:::text)?\)?|timezone\('utc'(?:::text)?, now\(\)\))\s*$`,
  'i',
)
