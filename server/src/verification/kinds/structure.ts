import { quoteLiteral, quoteQualified } from '../../database/quote'
import type { Check } from '../model'

interface Named {
  readonly schema: string
  readonly name: string
}

interface InTable {
  readonly schema: string
  readonly table: string
  readonly column: string
}

export function schemaCheck(name: string): Check {
  return existenceCheck(`The schema ${name} is there`, `pg_namespace WHERE nspname = ${quoteLiteral(name)}`)
}

export function extensionCheck(name: string): Check {
  return existenceCheck(`The extension ${name} is there`, `pg_extension WHERE extname = ${quoteLiteral(name)}`)
}

/** With the values in their order. */
export function enumCheck({ schema, name }: Named, values: readonly string[]): Check {
  return {
    title: `The enum type ${name} has its values`,
    sql: [
      `SELECT coalesce(string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder), 'none') AS "found"`,
      `FROM pg_enum AS e WHERE e.enumtypid = to_regtype(${quoteLiteral(quoteQualified(schema, name))})`,
    ].join('\n'),
    expected: values.length === 0 ? 'none' : values.map((value) => quoteLiteral(value).trimStart()).join(', '),
    mode: 'read',
  }
}

export function enumValueCheck({ schema, name }: Named, value: string): Check {
  return existenceCheck(
    `The enum type ${name} has the value ${value}`,
    `pg_enum WHERE enumtypid = to_regtype(${quoteLiteral(quoteQualified(schema, name))}) AND enumlabel = ${quoteLiteral(value)}`,
  )
}

/** The table with exactly these columns, in any order. */
export function tableCheck({ schema, name }: Named, columns: readonly string[]): Check {
  const list = columns.map(quoteLiteral).join(', ')
  return {
    title: `The table ${name} has its columns`,
    sql: [
      `SELECT count(*) FILTER (WHERE attname IN (${list})) || ' of ${columns.length}' AS "found"`,
      `FROM pg_attribute WHERE attrelid = to_regclass(${quoteLiteral(quoteQualified(schema, name))})`,
      '  AND attnum > 0 AND NOT attisdropped',
    ].join('\n'),
    expected: `${columns.length} of ${columns.length}`,
    mode: 'read',
  }
}

/** `type` is as SQL writes it, its modifiers aside. */
export function columnTypeCheck(place: InTable, type: string): Check {
  return existenceCheck(
    `${place.table}.${place.column} has its type`,
    `${attributeOf(place)} AND atttypid = to_regtype(${quoteLiteral(type)})`,
  )
}

export function notNullCheck(place: InTable): Check {
  return existenceCheck(`${place.table}.${place.column} is NOT NULL`, `${attributeOf(place)} AND attnotnull`)
}

export function hasDefaultCheck(place: InTable): Check {
  return existenceCheck(`${place.table}.${place.column} has its default`, `${attributeOf(place)} AND atthasdef`)
}

function attributeOf({ schema, table, column }: InTable): string {
  return (
    `pg_attribute WHERE attrelid = to_regclass(${quoteLiteral(quoteQualified(schema, table))})` +
    ` AND attname = ${quoteLiteral(column)} AND NOT attisdropped`
  )
}

function existenceCheck(title: string, source: string): Check {
  return {
    title,
    sql: `SELECT CASE WHEN EXISTS (\n  SELECT FROM ${source}\n) THEN 'yes' ELSE 'no' END AS "found"`,
    expected: 'yes',
    mode: 'read',
  }
}
