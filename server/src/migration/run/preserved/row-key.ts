import type { DatabaseClient } from '../../../database/connect'
import { CREATED_AT } from '../../../audit-fields/created-at'
import { quoteIdentifier, quoteQualified } from '../../../database/quote'
import { textOf } from '../../../database/text-of-values'
import type { TableName } from '../../model'
import { operator } from '../../plan/sql'

/** A column by its unquoted names. */
export interface ColumnName extends TableName {
  readonly column: string
}

/** A column of the key of a row. */
export interface KeyColumn {
  readonly name: string
  /** As printed by `format_type`; of a domain, what it stands on. */
  readonly type: string
  /** The schema of the operators of an extension's type, such as citext; absent if PostgreSQL's own compare it. */
  readonly operatorSchema?: string
}

/**
 * The keys of the tables that have one, by their quoted name: read at once, since a rollback may have thousands. A key
 * identifies rows, in key order: the primary key, otherwise the smallest unique index over NOT NULL
 * columns; followed by the creation time of the row, if a column has it, so that another row that later has the key
 * does not match.
 */
export async function readRowKeys(client: DatabaseClient, tables: readonly TableName[]): Promise<RowKeys> {
  const added = new Map(
    tables.map(({ schema, table }) => [quoteQualified(schema, table), `add-column:${schema}.${table}.`]),
  )
  const names = [...added.keys()]
  const { rows } = await client.query<{ table: string; key: KeyColumn[] }>(ROW_KEYS, [names])
  const { rows: times } = await client.query<KeyColumn & { table: string }>(TIMES, [names, [...added.values()]])
  const timesOf = new Map<string, KeyColumn[]>()
  for (const { table, name, type } of times) {
    if (CREATED_AT.test(name)) timesOf.set(table, [...(timesOf.get(table) ?? []), { name, type }])
  }
  return new Map(
    rows.map(({ table, key }) => {
      const createdAt = timesOf.get(table)?.find((time) => !key.some((column) => column.name === time.name))
      return [table, createdAt === undefined ? key : [...key, createdAt]]
    }),
  )
}

export type RowKeys = ReadonlyMap<string, readonly KeyColumn[]>

/** The current columns; null if one of them no longer exists. */
export async function readKeyColumns(
  client: DatabaseClient,
  table: TableName,
  names: readonly string[],
): Promise<readonly KeyColumn[] | null> {
  const { rows } = await client.query<{ name: string; column: KeyColumn }>(
    `SELECT a.attname AS name, ${KEY_COLUMN} AS "column" FROM pg_attribute AS a
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attname = ANY ($2)`,
    [quoteQualified(table.schema, table.table), names],
  )
  const found = names.map((name) => rows.find((row) => row.name === name)?.column)
  return found.every((column) => column !== undefined) ? found : null
}

/** `ARRAY["a"::text, "b"::text]`; `row` is a prefix of the columns' names, such as `NEW.`. */
export function keyAsText(key: readonly KeyColumn[], row = ''): string {
  return `ARRAY[${key.map(({ name, type }) => textOf(`${row}${quoteIdentifier(name)}`, type, 'text')).join(', ')}]`
}

/** Without anything else that the object may hold: as a recipe remembers it. */
export function keyColumnOf({ name, type, operatorSchema }: KeyColumn): KeyColumn {
  return { name, type, ...(operatorSchema === undefined ? {} : { operatorSchema }) }
}

/** A condition: `value` is that of the column, as its unique index understands it. Both are SQL. */
export function isKeyValue(sql: string, value: string, column: Pick<KeyColumn, 'operatorSchema'>): string {
  return `${sql} ${operator('=', column)} ${value}`
}

/** A condition: the row comes after the values, in the order of the key. */
export function isAfter(key: readonly KeyColumn[], values: readonly string[]): string {
  const columns = key.map(({ name }) => quoteIdentifier(name))
  if (key.every(({ operatorSchema }) => operatorSchema === undefined)) {
    return `(${columns.join(', ')}) OPERATOR(pg_catalog.>) (${values.join(', ')})`
  }
  // PostgreSQL compares rows by one operator for all columns.
  return key
    .map((column, index) => {
      const before = key.slice(0, index).map((one, at) => isKeyValue(columns[at] ?? '', values[at] ?? '', one))
      const after = `${columns[index] ?? ''} ${operator('>', column)} ${values[index] ?? ''}`
      return `(${[...before, after].join(' AND ')})`
    })
    .join(' OR ')
}

/**
 * Makes the text of a value the same for every writer, and readable as the same value. Settings of a transaction, or of
 * a function.
 */
export const EXACT_TEXT = {
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  extra_float_digits: '1',
  bytea_output: 'hex',
  lc_monetary: 'C',
  xmloption: 'content',
  quote_all_identifiers: 'off',
} as const

/** Of the column `a`. Only superusers create base types, so their operators may run. */
const KEY_COLUMN = `(
  WITH RECURSIVE base (oid, modifier) AS (
    SELECT a.atttypid, a.atttypmod
    UNION ALL
    SELECT t.typbasetype, t.typtypmod FROM base JOIN pg_type AS t ON t.oid = base.oid WHERE t.typtype = 'd'
  )
  SELECT json_strip_nulls(json_build_object(
    'name', a.attname,
    'type', format_type(base.oid, base.modifier),
    'operatorSchema', CASE WHEN t.typtype = 'b' AND t.typcategory <> 'A' AND n.nspname <> 'pg_catalog' THEN n.nspname END
  ))
  FROM base JOIN pg_type AS t ON t.oid = base.oid JOIN pg_namespace AS n ON n.oid = t.typnamespace WHERE t.typtype <> 'd')`

/** Only a valid index that is not partial, not deferrable and without expressions is reliable. */
const ROW_KEYS = `
  WITH wanted AS MATERIALIZED (SELECT name, to_regclass(name)::oid AS relation FROM unnest($1::text[]) AS name)
  SELECT DISTINCT ON (w.name) w.name AS "table", json_agg(${KEY_COLUMN} ORDER BY k.place) AS key
  FROM wanted AS w
  JOIN pg_index AS i ON i.indrelid = w.relation
  CROSS JOIN unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
  JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
  WHERE i.indisunique AND i.indisvalid AND i.indimmediate
    AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
  GROUP BY w.name, i.indexrelid, i.indisprimary
  HAVING bool_and(a.attnotnull)
  ORDER BY w.name, i.indisprimary DESC, count(*), i.indexrelid`

/** Not columns that a run of ours added: they may be dropped while writes are still captured. */
const TIMES = `
  WITH wanted AS MATERIALIZED (
    SELECT w.name, w.added, to_regclass(w.name)::oid AS relation FROM unnest($1::text[], $2::text[]) AS w (name, added)
  )
  SELECT w.name AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type FROM wanted AS w
  JOIN pg_attribute AS a ON a.attrelid = w.relation
  JOIN pg_type AS t ON t.oid = a.atttypid
  WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
    AND t.typname IN ('timestamp', 'timestamptz', 'date') AND t.typnamespace = 'pg_catalog'::regnamespace
    AND NOT EXISTS (SELECT FROM prisma_audit.step AS s WHERE s.id = w.added || a.attname)
  ORDER BY a.attnum`
