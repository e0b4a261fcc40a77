import type { DatabaseClient } from '../../../database/connect'
import { CREATED_AT } from '../../../audit-fields/created-at'
import { quoteIdentifier, quoteQualified } from '../../../database/quote'

/** A table by its bare names. */
export interface TableName {
  readonly schema: string
  readonly table: string
}

/** A column by its bare names. */
export interface ColumnName extends TableName {
  readonly column: string
}

/** A column that tells one row from another, alone or with others. */
export interface KeyColumn {
  readonly name: string
  /** As `format_type` spells it. */
  readonly type: string
}

/**
 * What rows are told apart by, in key order: the primary key, else the smallest unique index over NOT NULL columns; and
 * behind it since when the row is there, where a column says so: a key that another row has by then is not its. Null
 * where the table has no key.
 */
export async function readRowKey(client: DatabaseClient, table: TableName): Promise<readonly KeyColumn[] | null> {
  const name = quoteQualified(table.schema, table.table)
  const { rows } = await client.query<{ key: KeyColumn[] }>(ROW_KEY, [name])
  const key = rows[0]?.key
  if (key === undefined) return null
  const { rows: times } = await client.query<KeyColumn>(TIMES, [name, `add-column:${table.schema}.${table.table}.`])
  const createdAt = times.find((time) => CREATED_AT.test(time.name) && !key.some((column) => column.name === time.name))
  return createdAt === undefined ? key : [...key, createdAt]
}

/** The columns as they are now; null where one of them is not there any more. */
export async function readKeyColumns(
  client: DatabaseClient,
  table: TableName,
  names: readonly string[],
): Promise<readonly KeyColumn[] | null> {
  const { rows } = await client.query<KeyColumn>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attname = ANY ($2)`,
    [quoteQualified(table.schema, table.table), names],
  )
  const found = names.map((name) => rows.find((row) => row.name === name))
  return found.every((column) => column !== undefined) ? found : null
}

/** `ARRAY["a"::text, "b"::text]`; `row` is what stands before the columns' names, such as `NEW.`. */
export function keyAsText(key: readonly Pick<KeyColumn, 'name'>[], row = ''): string {
  return `ARRAY[${key.map(({ name }) => `${row}${quoteIdentifier(name)}::text`).join(', ')}]`
}

/**
 * So that a value's text is the same whoever writes it, and reads back as the value that it was. Settings of a
 * transaction, or of a function.
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

/** Only what is not partial, not deferrable, without expressions, and valid can be relied upon. */
const ROW_KEY = `
  SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY k.place) AS key
  FROM pg_index AS i
  CROSS JOIN unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
  JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
  WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indisvalid AND i.indimmediate
    AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
  GROUP BY i.indexrelid, i.indisprimary
  HAVING bool_and(a.attnotnull)
  ORDER BY i.indisprimary DESC, count(*), i.indexrelid LIMIT 1`

/** Not those that a run of ours added: they may be dropped while writes are still captured by them. */
const TIMES = `
  SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute AS a
  JOIN pg_type AS t ON t.oid = a.atttypid
  WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
    AND t.typname IN ('timestamp', 'timestamptz', 'date') AND t.typnamespace = 'pg_catalog'::regnamespace
    AND NOT EXISTS (SELECT FROM prisma_audit.step AS s WHERE s.id = $2 || a.attname)
  ORDER BY a.attnum`
