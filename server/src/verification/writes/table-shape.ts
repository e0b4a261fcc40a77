import type { DatabaseClient } from '../../database/connect'
import { quoteQualified } from '../../database/quote'
import readShape from './table-shape.sql'

/** What a write of a row has to know of its table. */
export interface TableShape {
  /** With rules an INSERT or UPDATE has no RETURNING. */
  readonly hasRules: boolean
  readonly isPartition: boolean
  /** In the order of the table. */
  readonly columns: readonly ShapeColumn[]
  /** What no two rows may share, the primary key first: unique indexes with the columns of their expressions, and exclusions. */
  readonly keys: readonly { readonly columns: readonly string[]; readonly countsNulls: boolean }[]
  readonly foreignKeys: readonly ShapeForeignKey[]
}

export interface ShapeColumn {
  readonly name: string
  /** As `format_type` spells it outside of every schema but `pg_catalog`. */
  readonly type: string
  /** The bare name of the type that it stands on in the end; `enum` and `array` for those. */
  readonly base: string
  /** Characters, of a `varchar` or `char`; null without a limit. */
  readonly length: number | null
  /** Of an enum; null of all others. */
  readonly labels: readonly string[] | null
  readonly isNullable: boolean
  readonly isGenerated: boolean
  readonly isIdentity: boolean
  /** Null where there is none, and of a generated column it is the expression. */
  readonly default: string | null
  readonly isPartitionKey: boolean
  /** Does a trigger name it in UPDATE OF? */
  readonly isWatched: boolean
}

export interface ShapeForeignKey {
  /** Quoted and qualified. */
  readonly table: string
  readonly columns: readonly string[]
  readonly referenced: readonly string[]
}

/** Null where there is no such table. */
export async function readTableShape(
  client: DatabaseClient,
  { schema, table }: { readonly schema: string; readonly table: string },
): Promise<TableShape | null> {
  const { rows } = await client.query<{ shape: TableShape }>(readShape, [quoteQualified(schema, table)])
  return rows[0]?.shape ?? null
}
