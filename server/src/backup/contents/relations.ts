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
 */
export async function readSequences(client: DatabaseClient): Promise<Map<string, string | null>> {
  const { rows } = await client.query<StoredSequence>(withRelations(sequencesQuery))
  const values = new Map(rows.map(({ name, value }) => [name, value]))
  const undrawn = rows.filter(({ value }) => value === null)
  for (let done = 0; done < undrawn.length; done += TOGETHER) {
    for (const [name, value] of await readRestarted(client, undrawn.slice(done, done + TOGETHER)))
      values.set(name, value)
  }
  return values
}

interface StoredSequence {
  readonly name: string
  readonly value: string | null
  readonly start: string
  readonly increment: string
}

/** Sequences in one query. */
const TOGETHER = 200

/**
 * Those that were set to begin elsewhere (ALTER SEQUENCE … RESTART WITH 1000), as if the value before had been drawn.
 */
async function readRestarted(
  client: DatabaseClient,
  sequences: readonly StoredSequence[],
): Promise<[string, string][]> {
  const queries = sequences.map(
    ({ name, increment }) => `
      SELECT ${quoteLiteral(name)} AS name, s.last_value::pg_catalog.text AS next,
        (s.last_value::pg_catalog.numeric OPERATOR(pg_catalog.-) ${quoteLiteral(increment)}::pg_catalog.numeric)::pg_catalog.text AS value
      FROM ${name} AS s`,
  )
  const { rows } = await client.query<{ name: string; next: string; value: string }>(queries.join(' UNION ALL '))
  const starts = new Map(sequences.map(({ name, start }) => [name, start]))
  return rows.filter(({ name, next }) => next !== starts.get(name)).map(({ name, value }) => [name, value])
}
