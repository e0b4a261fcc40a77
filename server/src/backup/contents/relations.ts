import type { DatabaseClient } from '../../database/connect'
import { quoteLiteral } from '../../database/quote'
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
  /** SQL: a hash of each column of `prisma_audit_row`, in the order of their names, separated by commas; NULL for a NULL. */
  readonly hashes: string
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
 * One that was set to begin elsewhere (ALTER SEQUENCE … RESTART WITH 1000) is read as if the value before had been drawn.
 */
export async function readSequences(client: DatabaseClient): Promise<Map<string, string | null>> {
  const { rows } = await client.query<StoredSequence>(withRelations(sequencesQuery))
  const values = new Map<string, string | null>()
  for (let done = 0; done < rows.length; done += TOGETHER) {
    const some = await client.query<{ name: string; value: string | null }>(
      rows
        .slice(done, done + TOGETHER)
        .map(valueQuery)
        .join(' UNION ALL '),
    )
    for (const { name, value } of some.rows) values.set(name, value)
  }
  return values
}

interface StoredSequence {
  readonly name: string
  readonly start: string
  readonly increment: string
}

/** Sequences in one query. */
const TOGETHER = 200

/** Of the sequence itself: the lock of `pg_sequence_last_value` is kept until the end of the whole transaction. */
function valueQuery({ name, start, increment }: StoredSequence): string {
  return `SELECT ${quoteLiteral(name)} AS name, (CASE
      WHEN s.is_called THEN s.last_value::pg_catalog.numeric
      WHEN s.last_value OPERATOR(pg_catalog.<>) ${quoteLiteral(start)}::pg_catalog.int8
      THEN s.last_value::pg_catalog.numeric OPERATOR(pg_catalog.-) ${quoteLiteral(increment)}::pg_catalog.numeric
    END)::pg_catalog.text AS value FROM ${name} AS s`
}
