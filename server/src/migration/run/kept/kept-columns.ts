import type { DatabaseClient } from '../../../database/connect'
import { loadSqlParser } from '../../../lint/parse/sql-parser'
import { journalUnreadable } from '../errors'
import { sqlFault, typeText } from '../sql-texts'
import { keptTablesExist } from './kept-tables'
import type { ColumnName } from './row-key'

/** A column whose values are kept, or are being kept, as `prisma_audit_kept.kept_column` has it; see migrations/FORMAT.md. */
export interface KeptColumn extends ColumnName {
  readonly id: string
  readonly state: 'copying' | 'dropped' | 'kept'
  /** As `format_type` spelled it. */
  readonly type: string
  readonly keyColumns: readonly string[]
  /** Schema, table and column of the key that it referred to; null where it had no foreign key. */
  readonly refersTo: readonly [schema: string, table: string, column: string] | null
  /** What ADD COLUMN gave to the rows that stood, as text: no such value is kept. */
  readonly filled: readonly string[]
  readonly copyCursor: readonly string[] | null
  readonly isCopied: boolean
  readonly keptAt: Date | null
  /** How many values lie there. While it is being copied a row may have several. */
  readonly values: number
}

/** Values that a rollback kept and that a new run can put back. */
export interface KeptValues extends ColumnName {
  readonly keptAt: Date
  readonly count: number
}

/** What can be put back, oldest first: empty where nothing was ever kept. */
export async function readKeptValues(client: DatabaseClient): Promise<KeptValues[]> {
  const columns = await readKeptColumns(client)
  return columns.flatMap(({ schema, table, column, state, keptAt, values }) =>
    state === 'kept' && keptAt !== null && values > 0 ? [{ schema, table, column, keptAt, count: values }] : [],
  )
}

export async function readKeptColumns(client: DatabaseClient): Promise<KeptColumn[]> {
  if (!(await keptTablesExist(client))) return []
  const { rows } = await client.query<KeptColumn>(`
    SELECT id::text, state, schema_name AS schema, table_name AS "table", column_name AS "column",
      column_type AS type, key_columns AS "keyColumns", refers_to AS "refersTo", filled, copy_cursor AS "copyCursor",
      is_copied AS "isCopied", kept_at AS "keptAt",
      (SELECT count(*)::float8 FROM prisma_audit_kept.kept_value WHERE column_id = kept_column.id) AS "values"
    FROM prisma_audit_kept.kept_column ORDER BY kept_column.id LIMIT 100000`)
  await requireTypes(rows)
  return rows
}

/** The type becomes part of SQL: it must be one and nothing else. */
async function requireTypes(columns: readonly KeptColumn[]): Promise<void> {
  if (columns.length === 0) return
  const parser = await loadSqlParser()
  for (const { id, type } of columns) {
    if (sqlFault(parser, typeText(type)) !== null) {
      throw journalUnreadable(
        `Column ${id} of prisma_audit_kept.kept_column has a type that is none: ${type.slice(0, 200)}`,
      )
    }
  }
}

export function isColumn(one: ColumnName, other: ColumnName): boolean {
  return one.schema === other.schema && one.table === other.table && one.column === other.column
}
