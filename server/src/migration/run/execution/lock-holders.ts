import type { DatabaseClient } from '../../../database/connect'

/** The sessions that currently hold locks on the tables, each as a phrase; `tables` are quoted and qualified. */
export async function describeLockHolders(client: DatabaseClient, tables: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ holder: string }>(
    `SELECT pg_catalog.format('process %s of %s%s, in its transaction for %s s: %s', a.pid, coalesce(a.usename, 'an unknown role'),
        coalesce(' (' OPERATOR(pg_catalog.||) nullif(a.application_name, '') OPERATOR(pg_catalog.||) ')', ''),
        coalesce(pg_catalog.round(EXTRACT(epoch FROM pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) a.xact_start))::pg_catalog.text, '?'),
        coalesce(nullif(pg_catalog.left(pg_catalog.regexp_replace(a.query, '\\s+', ' ', 'g'), 80), ''), 'query not shown')) AS holder
      FROM pg_catalog.pg_stat_activity AS a
      WHERE a.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid() AND EXISTS (
        SELECT FROM pg_catalog.pg_locks AS l
        WHERE l.pid OPERATOR(pg_catalog.=) a.pid AND l.granted
          AND l.database OPERATOR(pg_catalog.=) (SELECT d.oid FROM pg_catalog.pg_database AS d
            WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())
          AND l.relation OPERATOR(pg_catalog.=) ANY (
            SELECT pg_catalog.to_regclass(t.name) FROM pg_catalog.unnest($1::pg_catalog.text[]) AS t(name)
          )
      )
      ORDER BY a.xact_start NULLS LAST LIMIT 5`,
    [tables],
  )
  return rows.map((row) => row.holder)
}
