import type { DatabaseClient } from '../../database/connect'
import { quoteQualified } from '../../database/quote'
import readShape from './table-shape.sql'

/** What a test write needs to know about its table. */
export interface TableShape {
  /** With rules, INSERT and UPDATE do not support RETURNING. */
  readonly hasRules: boolean
  readonly isPartition: boolean
  /** In the order of the table. */
  readonly columns: readonly ShapeColumn[]
  /**
   * Keys that no two rows may share, the primary key first: unique indexes with the columns of their expressions, and
   * exclusion constraints.
   */
  readonly keys: readonly { readonly columns: readonly string[]; readonly countsNulls: boolean }[]
  readonly foreignKeys: readonly ShapeForeignKey[]
}

export interface ShapeColumn {
  readonly name: string
  /** As printed by `format_type` with only `pg_catalog` in the search path. */
  readonly type: string
  /** The unquoted name of the base type; `enum` and `array` for those. */
  readonly base: string
  /** Length of a `varchar` or `char`; null without a limit. */
  readonly length: number | null
  /** Of an enum; otherwise null. */
  readonly labels: readonly string[] | null
  readonly isNullable: boolean
  readonly isGenerated: boolean
  readonly isIdentity: boolean
  /** Null if there is none; for a generated column, its expression. */
  readonly default: string | null
  readonly isPartitionKey: boolean
  /** Whether a trigger lists it in UPDATE OF. */
  readonly isWatched: boolean
}

export interface ShapeForeignKey {
  /** Quoted and qualified. */
  readonly table: string
  readonly columns: readonly string[]
  readonly referenced: readonly string[]
}

/** Null if there is no such table. */
export async function readTableShape(
  client: DatabaseClient,
  { schema, table }: { readonly schema: string; readonly table: string },
): Promise<TableShape | null> {
  const { rows } = await client.query<{ shape: TableShape }>(readShape, [quoteQualified(schema, table)])
  return rows[0]?.shape ?? null
}
