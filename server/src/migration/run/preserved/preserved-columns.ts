import { phrase } from '../../../text/phrase'
import * as z from 'zod'
import type { DatabaseClient } from '../../../database/connect'
import { describeFaults } from '../../../text/input-faults'
import { journalUnreadable } from '../own-schemas/errors'
import { nullsTableExists, preservedTablesExist } from './preserved-tables'
import type { ColumnName } from './row-key'

/**
 * A column whose values are or are being preserved, as in `prisma_audit_kept.kept_column`; see migrations/FORMAT.md.
 */
export interface PreservedColumn extends ColumnName {
  readonly id: string
  readonly state: 'copying' | 'dropped' | 'kept'
  /** As printed by `format_type`. For people: it never becomes SQL. */
  readonly type: string
  readonly keyColumns: readonly string[]
  /** Schema, table and column of the key that it referenced, for people; null if it had no foreign key. */
  readonly refersTo: readonly [schema: string, table: string, column: string] | null
  /** The values that ADD COLUMN added to existing rows, as text: these are not preserved. */
  readonly filled: readonly string[]
  readonly copyCursor: readonly string[] | null
  readonly isCopied: boolean
  readonly preservedAt: Date | null
}

/** The same with the number of its values, which takes a scan of all of them. */
export interface CountedColumn extends PreservedColumn {
  /** The number of preserved values. During the copy, a row may have several. */
  readonly values: number
  /** The number of rows without a value, although a run had filled the column: the application wrote NULL. */
  readonly nulls: number
}

/** Values that a rollback preserved and that a new run can restore. */
export interface PreservedValues extends ColumnName {
  readonly preservedAt: Date
  /** NULLs included. */
  readonly count: number
  /** How many of them are NULL. */
  readonly nulls: number
}

/** What can be restored, oldest first; empty if nothing was preserved. */
export async function readPreservedValues(client: DatabaseClient): Promise<PreservedValues[]> {
  const columns = await countPreservedColumns(client)
  return columns.flatMap(({ schema, table, column, state, preservedAt, values, nulls }) =>
    state === 'kept' && preservedAt !== null && values + nulls > 0
      ? [{ schema, table, column, preservedAt, count: values + nulls, nulls }]
      : [],
  )
}

/** Rejects with `journal-unreadable` if a row does not have our format. Takes as long for many values as for a few. */
export async function readPreservedColumns(client: DatabaseClient): Promise<PreservedColumn[]> {
  if (!(await preservedTablesExist(client))) return []
  return await readRows(client, preservedColumn, COLUMNS)
}

/**
 * The column that a rollback is preserving, or an interrupted one left; undefined if there is none. Reads no others:
 * a rollback asks for each of its columns, of which there may be thousands.
 */
export async function findColumnBeingPreserved(
  client: DatabaseClient,
  { schema, table, column }: ColumnName,
): Promise<PreservedColumn | undefined> {
  if (!(await preservedTablesExist(client))) return undefined
  const condition = `state <> 'kept' AND schema_name = $1 AND table_name = $2 AND column_name = $3`
  const [found] = await readRows(client, preservedColumn, COLUMNS, condition, [schema, table, column])
  return found
}

/** As `readPreservedColumns`, with the number of values of each. */
export async function countPreservedColumns(client: DatabaseClient): Promise<CountedColumn[]> {
  if (!(await preservedTablesExist(client))) return []
  const values = '(SELECT count(*)::float8 FROM prisma_audit_kept.kept_value WHERE column_id = kept_column.id)'
  const nulls = (await nullsTableExists(client))
    ? '(SELECT count(*)::float8 FROM prisma_audit_kept.kept_null WHERE column_id = kept_column.id)'
    : '0::float8'
  return await readRows(client, countedColumn, `${COLUMNS}, ${values} AS "values", ${nulls} AS nulls`)
}

async function readRows<Column>(
  client: DatabaseClient,
  format: z.ZodType<Column>,
  list: string,
  condition = 'true',
  values: readonly string[] = [],
): Promise<Column[]> {
  const { rows } = await client.query<Record<string, unknown>>(
    `SELECT ${list} FROM prisma_audit_kept.kept_column WHERE ${condition} ORDER BY kept_column.id LIMIT ${String(MOST_COLUMNS + 1)}`,
    [...values],
  )
  if (rows.length > MOST_COLUMNS)
    throw journalUnreadable(phrase`More columns are preserved than Prisma Audit ever preserves.`)
  return rows.map((row) => {
    const parsed = format.safeParse(row)
    if (parsed.success) return parsed.data
    const fault = describeFaults(parsed.error).slice(0, 300)
    throw journalUnreadable(
      phrase`Column ${String(row.id)} of prisma_audit_kept.kept_column has an unknown format: ${fault}`,
    )
  })
}

const COLUMNS = `id::text, state, schema_name AS schema, table_name AS "table", column_name AS "column",
  column_type AS type, key_columns AS "keyColumns", refers_to AS "refersTo", filled, copy_cursor AS "copyCursor",
  is_copied AS "isCopied", kept_at AS "preservedAt"`

/** As many as a journal has steps: see `MOST_ROWS` there. */
const MOST_COLUMNS = 100_000

const name = z
  .string()
  .min(1)
  .max(63 * 4)

/** The parts of a key that can be read back, or were the same for all rows. */
const value = z.string().max(1_000_000)

const preservedColumn = z.strictObject({
  id: z.string().regex(/^[1-9]\d{0,18}$/),
  state: z.enum(['copying', 'dropped', 'kept']),
  ...{ schema: name, table: name, column: name },
  type: z.string().max(1000),
  keyColumns: z.array(name).min(1).max(100),
  refersTo: z.tuple([name, name, name]).nullable(),
  filled: z.array(value).max(10_000),
  copyCursor: z.array(value).max(100).nullable(),
  isCopied: z.boolean(),
  preservedAt: z.date().nullable(),
}) satisfies z.ZodType<PreservedColumn>

const countedColumn = preservedColumn.extend({
  values: z.number().nonnegative(),
  nulls: z.number().nonnegative(),
}) satisfies z.ZodType<CountedColumn>

export function isColumn(one: ColumnName, other: ColumnName): boolean {
  return one.schema === other.schema && one.table === other.table && one.column === other.column
}
