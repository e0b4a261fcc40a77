import type { DatabaseClient } from '../../database/connect'
import relations from './relations.sql'
import sequencesQuery from './sequences.sql'
import tablesQuery from './tables.sql'

/** Replaces `:relations` in the query by the database's own relations, so that all queries use the same list. */
export function withRelations(query: string): string {
  // A function, because `$` has a meaning in a replacement string.
  return query.replaceAll(':relations', () => relations)
}

export interface StoredTable {
  readonly schema: string
  readonly table: string
  /** As PostgreSQL quotes it: `public."User"`. */
  readonly name: string
  /** SQL: a hash of each column of `prisma_audit_row`, in the order of their names; NULL for a NULL. */
  readonly hashes: readonly string[]
  /** Unquoted, without generated columns, in table order. */
  readonly stored: readonly string[]
  /** SQL: its rows as `prisma_audit_row`, after FROM. */
  readonly source: string
  /** It stands for partitions whose rows may belong to others after a restore. */
  readonly isPartitioned: boolean
}

/** The tables that hold rows of their own. */
export async function readTables(client: DatabaseClient): Promise<StoredTable[]> {
  return (await client.query<StoredTable>(withRelations(tablesQuery))).rows
}

/**
 * Each sequence by its quoted name, with its latest value; null if none was drawn. They advance even within a snapshot.
 */
export async function readSequences(client: DatabaseClient): Promise<Map<string, string | null>> {
  const { rows } = await client.query<{ name: string; value: string | null }>(withRelations(sequencesQuery))
  return new Map(rows.map(({ name, value }) => [name, value]))
}
