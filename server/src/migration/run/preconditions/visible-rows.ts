import type { DatabaseClient } from '../../../database/connect'
import type { Step } from '../../model'
import { tablesWithRowsRead } from '../../plan/rows-read'
import { rowsAreHidden } from './errors'

/**
 * Rejects if row-level security hides rows that the steps read, including those of partitions, from the role. All our
 * sessions have `row_security = off`, so PostgreSQL would refuse such a query; this reports it before the first change.
 */
export async function requireVisibleRows(client: DatabaseClient, steps: readonly Step[]): Promise<void> {
  const tables = [...new Set(steps.flatMap(tablesWithRowsRead))]
  if (tables.length === 0) return
  const { rows } = await client.query<{ name: string; role: string }>(HIDDEN, [tables])
  const [first] = rows
  if (first !== undefined)
    throw rowsAreHidden(
      rows.map(({ name }) => name),
      first.role,
    )
}

/** A table without partitions is its own tree. */
const HIDDEN = `
  SELECT DISTINCT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, current_user::text AS role
  FROM pg_catalog.unnest($1::pg_catalog.text[]) AS asked (name)
  CROSS JOIN LATERAL (
    SELECT pg_catalog.to_regclass(asked.name)::pg_catalog.oid AS oid
    UNION SELECT relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(asked.name))
  ) AS tree
  JOIN pg_catalog.pg_class AS c ON c.oid = tree.oid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE pg_catalog.row_security_active(c.oid) ORDER BY name`
