import { quoteLiteral, quoteQualified } from '../../../database/quote'
import { searchPathOf } from '../../../database/search-path'
import type { Check } from '../../../verification/model'

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
  return existenceCheck(`The schema ${name} exists`, `pg_catalog.pg_namespace WHERE nspname = ${quoteLiteral(name)}`)
}

export function extensionCheck(name: string): Check {
  return existenceCheck(`The extension ${name} exists`, `pg_catalog.pg_extension WHERE extname = ${quoteLiteral(name)}`)
}

/** With the values in their order. */
export function enumCheck({ schema, name }: Named, values: readonly string[]): Check {
  return {
    title: `The enum type ${name} has the expected values`,
    sql: [
      `SELECT coalesce(pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder), 'none') AS "found"`,
      `FROM pg_catalog.pg_enum AS e WHERE e.enumtypid OPERATOR(pg_catalog.=) pg_catalog.to_regtype(${quoteLiteral(quoteQualified(schema, name))})`,
    ].join('\n'),
    expected: values.length === 0 ? 'none' : values.map((value) => quoteLiteral(value).trimStart()).join(', '),
    mode: 'read',
  }
}

export function enumValueCheck({ schema, name }: Named, value: string): Check {
  return existenceCheck(
    `The enum type ${name} has the value ${value}`,
    `pg_catalog.pg_enum WHERE enumtypid OPERATOR(pg_catalog.=) pg_catalog.to_regtype(${quoteLiteral(quoteQualified(schema, name))}) AND enumlabel = ${quoteLiteral(value)}`,
  )
}

/** The table with exactly these columns, in any order. */
export function tableCheck({ schema, name }: Named, columns: readonly string[]): Check {
  const list = columns.map(quoteLiteral).join(', ')
  return {
    title: `The table ${name} has the expected columns`,
    sql: [
      `SELECT pg_catalog.concat(pg_catalog.count(*) FILTER (WHERE attname IN (${list})), ' of ${columns.length}') AS "found"`,
      `FROM pg_catalog.pg_attribute WHERE attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(quoteQualified(schema, name))})`,
      '  AND attnum > 0 AND NOT attisdropped',
    ].join('\n'),
    expected: `${columns.length} of ${columns.length}`,
    mode: 'read',
  }
}

/**
 * `type` is as written in SQL, without its modifiers; `lookupSchema` is the schema of its name, besides PostgreSQL's
 * own types. The path is set after the query's own names are resolved, and reset once the type is found.
 */
export function columnTypeCheck(place: InTable, type: string, lookupSchema: string | null): Check {
  const path = (schema: string | null) =>
    `pg_catalog.set_config('search_path', ${quoteLiteral(searchPathOf(schema))}, true)`
  const found = `pg_catalog.to_regtype(${quoteLiteral(type)})`
  const wanted =
    lookupSchema === null
      ? found
      : `(SELECT type FROM (SELECT ${found} AS type, ${path(null)} FROM (SELECT ${path(lookupSchema)} OFFSET 0) AS looking OFFSET 0) AS looked)`
  return existenceCheck(
    `${place.table}.${place.column} has the expected type`,
    `${attributeOf(place)} AND atttypid OPERATOR(pg_catalog.=) ${wanted}::pg_catalog.oid`,
  )
}

export function notNullCheck(place: InTable): Check {
  return existenceCheck(`${place.table}.${place.column} is NOT NULL`, `${attributeOf(place)} AND attnotnull`)
}

export function hasDefaultCheck(place: InTable): Check {
  return existenceCheck(`${place.table}.${place.column} has a default`, `${attributeOf(place)} AND atthasdef`)
}

function attributeOf({ schema, table, column }: InTable): string {
  return (
    `pg_catalog.pg_attribute WHERE attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(quoteQualified(schema, table))})` +
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
