import type { DatabaseClient } from '../../database/connect'
import { readTables } from './relations'

/** Rows of each table, by its quoted name `public."User"`. */
export type RowCounts = ReadonlyMap<string, number>

/** Counts the rows of every table of the database, partitions apart; exact, so it reads them all. */
export async function countRows(client: DatabaseClient): Promise<RowCounts> {
  const counts = new Map<string, number>()
  for (const { name } of await readTables(client)) {
    const result = await client.query<{ count: string }>(`SELECT pg_catalog.count(*) AS count FROM ONLY ${name}`)
    counts.set(name, Number(result.rows[0]?.count))
  }
  return counts
}
