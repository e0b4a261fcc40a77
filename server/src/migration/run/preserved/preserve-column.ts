import type { DatabaseClient } from '../../../database/connect'
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../database/quote'
import { textOf, valueOf } from '../../../database/text-of-values'
import { dollarQuote } from '../../plan/sql'
import { createPreservedTables } from './preserved-tables'
import { readPreservedColumns, type PreservedColumn } from './preserved-columns'
import { EXACT_TEXT, isAfter, keyAsText, readKeyColumns, type ColumnName, type KeyColumn } from './row-key'

/** A column that a rollback is about to drop. */
export interface ColumnToPreserve extends ColumnName {
  /** The value that ADD COLUMN added to existing rows, as text. */
  readonly filled: readonly string[]
  /** The steps that filled it, by run and position in the journal. */
  readonly fillers: readonly Filler[]
  /**
   * Which NULLs were written by the application. `every`: all rows were filled with a value. `of others`: all were
   * filled, perhaps with NULL, so NULLs last written by a fill or a restore do not count. `unknown`: the fill was
   * interrupted, or there was none.
   */
  readonly nulls: 'every' | 'of others' | 'unknown'
}

export interface Filler {
  readonly runId: string
  readonly position: number
}

/**
 * From here on, a trigger captures every write to the column; `copyPage` copies earlier values in pages. The trigger
 * only inserts, so no writer waits for it or for another. Call in a transaction; needs SHARE ROW EXCLUSIVE on the table
 * for a moment.
 */
export async function beginPreserving(
  client: DatabaseClient,
  column: ColumnToPreserve,
  key: readonly KeyColumn[],
): Promise<void> {
  await createPreservedTables(client)
  const table = quoteQualified(column.schema, column.table)
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO prisma_audit_kept.kept_column
       (state, schema_name, table_name, column_name, key_columns, filled, column_type, refers_to)
     VALUES ('copying', $1, $2, $3::text, $4, $5, (${TYPE}), (${REFERS_TO})) RETURNING id::text`,
    [column.schema, column.table, column.column, key.map(({ name }) => name), column.filled, table],
  )
  const id = rows[0]?.id ?? ''
  const { trigger, functionName } = captureNames(id)
  const written = textOf(`NEW.${quoteIdentifier(column.column)}`, await readType(client, column), 'text')
  await client.query(captureFunction(id, column, key, { written, keepsNulls: column.nulls !== 'unknown' }))
  await client.query(
    `CREATE TRIGGER ${trigger} AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${functionName}()`,
  )
  // Logical replication writes too.
  await client.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${trigger}`)
}

/** Columns that are currently being preserved: an interrupted rollback left them, and they are continued. */
export async function columnsBeingPreserved(client: DatabaseClient): Promise<PreservedColumn[]> {
  return (await readPreservedColumns(client)).filter(({ state }) => state !== 'kept')
}

/**
 * Copies the values of the next `limit` rows in key order, and records its position, in the caller's transaction, with
 * the settings of `EXACT_TEXT`. Returns the number of rows read.
 */
export async function copyPage(
  client: DatabaseClient,
  preserved: PreservedColumn,
  { fillers, nulls }: Pick<ColumnToPreserve, 'fillers' | 'nulls'>,
  limit: number,
): Promise<number> {
  const key = await readKeyColumns(client, preserved, preserved.keyColumns)
  if (key === null) throw new Error(`The key of ${quoteQualified(preserved.schema, preserved.table)} has changed.`)
  const list = key.map(({ name }) => quoteIdentifier(name)).join(', ')
  const bounds = key.map(({ type }, index) => valueOf(`($2::text[])[${index + 1}]`, type))
  const value = textOf(quoteIdentifier(preserved.column), await readType(client, preserved), 'text')
  const { rows } = await client.query<{ count: number }>(
    `WITH ours AS MATERIALIZED (${OUR_TRANSACTIONS(['$5', '$6'])}), fills AS MATERIALIZED (${ALL_TRANSACTIONS}), page AS MATERIALIZED (
       SELECT ${keyAsText(key)} AS key, ${value} AS value,
         (${isWritten(preserved, value, '$3')} OR ${isWrittenNull(preserved, nulls)}) AS is_written,
         row_number() OVER (ORDER BY ${list}) AS place
       FROM ${quoteQualified(preserved.schema, preserved.table)}
       ${preserved.copyCursor === null ? 'WHERE $2::text[] IS NULL' : `WHERE ${isAfter(key, bounds)}`}
       ORDER BY ${list} LIMIT $4
     ), copied AS (
       INSERT INTO prisma_audit_kept.kept_value (column_id, was_captured, key, value)
       SELECT $1, false, key, value FROM page WHERE is_written RETURNING number, key, value
     ), nulls AS (
       INSERT INTO prisma_audit_kept.kept_null (column_id, number, key)
       SELECT $1, number, key FROM copied WHERE value IS NULL
     )
     UPDATE prisma_audit_kept.kept_column SET is_copied = (SELECT count(*) < $4 FROM page),
       copy_cursor = coalesce((SELECT key FROM page ORDER BY place DESC LIMIT 1), copy_cursor)
     WHERE id = $1 RETURNING (SELECT count(*)::int FROM page) AS count`,
    [preserved.id, preserved.copyCursor, preserved.filled, limit, ...parametersOf(fillers)],
  )
  return rows[0]?.count ?? 0
}

/** Whether a column of a table without a key has values other than NULL. Reads it without blocking anyone. */
export async function hasWrittenValues(client: DatabaseClient, column: ColumnToPreserve): Promise<boolean> {
  const value = textOf(quoteIdentifier(column.column), await readType(client, column), 'text')
  const { rows } = await client.query<{ found: boolean }>(
    `WITH ours AS MATERIALIZED (${OUR_TRANSACTIONS(['$2', '$3'])})
     SELECT EXISTS (
       SELECT FROM ${quoteQualified(column.schema, column.table)} WHERE ${isWritten(column, value, '$1')}
     ) AS found`,
    [column.filled, ...parametersOf(column.fillers)],
  )
  return rows[0]?.found === true
}

/** Ends the capture; call in the transaction that drops the column. */
export async function endCapture(client: DatabaseClient, preserved: PreservedColumn): Promise<void> {
  const { trigger, functionName } = captureNames(preserved.id)
  await client.query(`DROP TRIGGER IF EXISTS ${trigger} ON ${quoteQualified(preserved.schema, preserved.table)}`)
  await client.query(`DROP FUNCTION IF EXISTS ${functionName}()`)
  await client.query(`UPDATE prisma_audit_kept.kept_column SET state = 'dropped' WHERE id = $1`, [preserved.id])
}

/**
 * After the column is dropped: reduces the values to the last one per row, and removes those that ADD COLUMN added. If
 * the last value is NULL, its key goes to `kept_null`. Call in a transaction.
 */
export async function settlePreserved(client: DatabaseClient, preserved: PreservedColumn): Promise<void> {
  const inOrder = `
       SELECT number, row_number() OVER (PARTITION BY key ORDER BY was_captured DESC, number DESC) AS place
       FROM prisma_audit_kept.kept_value WHERE column_id = $1`
  await client.query(
    `DELETE FROM prisma_audit_kept.kept_null AS n USING (${inOrder}) AS d
     WHERE n.column_id = $1 AND n.number = d.number AND d.place > 1`,
    [preserved.id],
  )
  await client.query(
    `DELETE FROM prisma_audit_kept.kept_value AS v USING (${inOrder}
     ) AS d
     WHERE v.column_id = $1 AND v.number = d.number AND (d.place > 1 OR v.value IS NULL OR v.value = ANY ($2))`,
    [preserved.id, preserved.filled],
  )
  const { rows } = await client.query<{ count: number }>(
    `SELECT (SELECT count(*) FROM prisma_audit_kept.kept_value WHERE column_id = $1)::float8
       + (SELECT count(*) FROM prisma_audit_kept.kept_null WHERE column_id = $1)::float8 AS count`,
    [preserved.id],
  )
  const count = rows[0]?.count ?? 0
  if (count === 0) await client.query('DELETE FROM prisma_audit_kept.kept_column WHERE id = $1', [preserved.id])
  else {
    await client.query(
      `UPDATE prisma_audit_kept.kept_column SET state = 'kept', kept_at = clock_timestamp() WHERE id = $1`,
      [preserved.id],
    )
  }
}

function captureNames(id: string): { readonly trigger: string; readonly functionName: string } {
  return { trigger: `prisma_audit_keep_${id}`, functionName: `prisma_audit_kept.keep_${id}` }
}

/**
 * SECURITY DEFINER, because writers of the table need no privileges on our schema. A row without a value means that
 * there is none: the row was deleted, its key changed, or NULL was written, which `kept_null` then also records. Every
 * UPDATE counts, even one that writes the existing value.
 */
function captureFunction(
  id: string,
  column: ColumnName,
  key: readonly KeyColumn[],
  { written, keepsNulls }: { readonly written: string; readonly keepsNulls: boolean },
): string {
  const name = quoteIdentifier(column.column)
  const oldKey = keyAsText(key, 'OLD.')
  const newKey = keyAsText(key, 'NEW.')
  const add = 'INSERT INTO prisma_audit_kept.kept_value (column_id, was_captured, key, value) VALUES'
  const addNull = keepsNulls
    ? `
  IF NEW.${name} IS NULL THEN
    INSERT INTO prisma_audit_kept.kept_null (column_id, number, key) VALUES (${id}, added, ${newKey});
  END IF;`
    : ''
  const body = `
DECLARE
  added bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN
    ${add} (${id}, true, ${oldKey}, NULL);
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' AND ${newKey} IS DISTINCT FROM ${oldKey} THEN
    ${add} (${id}, true, ${oldKey}, NULL);
  END IF;
  ${add} (${id}, true, ${newKey}, ${written}) RETURNING number INTO added;${addNull}
  RETURN NULL;
END
`
  const quote = dollarQuote(body)
  const settings = Object.entries(EXACT_TEXT).map(([setting, value]) => `SET ${setting} = ${quoteLiteral(value)}`)
  return [
    `CREATE FUNCTION ${captureNames(id).functionName}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER`,
    `SET search_path = pg_catalog, pg_temp ${settings.join(' ')}`,
    `AS ${quote}${body}${quote}`,
  ].join('\n')
}

/**
 * A condition on a row of the table, in addition to `ours`; `filled` is the parameter with the values that ADD COLUMN
 * added. A row is ours if only our batches wrote it last: an equal value proves nothing.
 */
function isWritten({ column }: ColumnName, value: string, filled: string): string {
  const name = quoteIdentifier(column)
  return (
    `${name} IS NOT NULL AND NOT (${value} = ANY (${filled}::text[])) ` +
    'AND xmin::text::bigint NOT IN (SELECT ours.number FROM ours)'
  )
}

/** The same for a NULL, with `fills`, if every row was filled. */
function isWrittenNull({ column }: ColumnName, nulls: ColumnToPreserve['nulls']): string {
  if (nulls === 'unknown') return 'false'
  const isNull = `${quoteIdentifier(column)} IS NULL`
  return nulls === 'every' ? isNull : `(${isNull} AND xmin::text::bigint NOT IN (SELECT fills.number FROM fills))`
}

/**
 * The transaction numbers of the fills, as in `xmin`. Only those whose journal row still has that number itself: in a
 * restored or copied database the numbers differ. Nor may they have wrapped around, which happens after 2^32
 * transactions.
 */
const OUR_TRANSACTIONS = ([runs, positions]: readonly [string, string]) => `
  SELECT b.xid % 4294967296 AS number FROM prisma_audit.batch AS b
  JOIN unnest(${runs}::bigint[], ${positions}::integer[]) AS f (run_id, position)
    ON b.run_id = f.run_id AND b.position = f.position
  WHERE ${IS_ITS_OWN}`

const IS_ITS_OWN = `b.xmin::text::bigint = b.xid % 4294967296
    AND pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::bigint - b.xid < 4294967296`

/** Those of all steps, for any column. */
const ALL_TRANSACTIONS = `
  SELECT b.xid % 4294967296 AS number FROM prisma_audit.batch AS b WHERE ${IS_ITS_OWN}`

function parametersOf(fillers: readonly Filler[]): readonly [readonly string[], readonly number[]] {
  return [fillers.map(({ runId }) => runId), fillers.map(({ position }) => position)]
}

/** Not the one of the journal, which others may have written. */
async function readType(client: DatabaseClient, column: ColumnName): Promise<string> {
  const [found] = (await readKeyColumns(client, column, [column.column])) ?? []
  if (found === undefined) throw new Error(`${quoteQualified(column.schema, column.table)} has lost a column.`)
  return found.type
}

/** `$6` is the table's quoted name, `$3` the column's bare one. */
const TYPE = `
  SELECT format_type(atttypid, atttypmod) FROM pg_attribute
  WHERE attrelid = to_regclass($6) AND attname = $3::text AND NOT attisdropped`

const REFERS_TO = `
  SELECT ARRAY[n.nspname::text, r.relname::text, f.attname::text]
  FROM pg_constraint AS c
  JOIN pg_class AS r ON r.oid = c.confrelid
  JOIN pg_namespace AS n ON n.oid = r.relnamespace
  JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
  JOIN pg_attribute AS f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1]
  WHERE c.contype = 'f' AND c.conrelid = to_regclass($6) AND array_length(c.conkey, 1) = 1 AND a.attname = $3::text
  ORDER BY c.oid LIMIT 1`
