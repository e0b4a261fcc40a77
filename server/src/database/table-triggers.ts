import type { DatabaseClient } from './connect'
import { quoteQualified } from './quote'

/** A trigger of a table or of a partition of it, and the function that it runs. */
export interface TableTrigger {
  readonly name: string
  readonly source: string
  readonly functionSchema: string
  readonly functionName: string
  readonly isForUpdate: boolean
  /** False where it fires in replication alone. */
  readonly firesInSessions: boolean
}

/** Those that are not disabled, without the internal ones of foreign keys. Partitions name theirs once. */
export async function readTableTriggers(
  client: DatabaseClient,
  { schema, table }: { readonly schema: string; readonly table: string },
): Promise<TableTrigger[]> {
  const { rows } = await client.query<TableTrigger>(
    `SELECT DISTINCT t.tgname AS name, p.prosrc AS source, n.nspname AS "functionSchema", p.proname AS "functionName",
       t.tgtype OPERATOR(pg_catalog.&) 16::pg_catalog.int2 OPERATOR(pg_catalog.>) 0 AS "isForUpdate", t.tgenabled OPERATOR(pg_catalog.<>) 'R' AS "firesInSessions"
     FROM (
       SELECT pg_catalog.to_regclass($1)::pg_catalog.oid AS oid
       UNION SELECT relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass($1))
     ) AS tree
     JOIN pg_catalog.pg_trigger AS t ON t.tgrelid OPERATOR(pg_catalog.=) tree.oid
     JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) t.tgfoid
     JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
     WHERE NOT t.tgisinternal AND t.tgenabled OPERATOR(pg_catalog.<>) 'D'
     ORDER BY name`,
    [quoteQualified(schema, table)],
  )
  return rows
}
