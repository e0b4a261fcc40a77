import type { DatabaseClient } from '../../database/connect'

/** Who holds locks on the tables now, each as a phrase; `tables` are quoted and qualified. */
export async function describeLockHolders(client: DatabaseClient, tables: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ holder: string }>(
    `SELECT format('process %s of %s%s, in its transaction for %s s: %s', a.pid, coalesce(a.usename, 'an unknown role'),
        coalesce(' (' || nullif(a.application_name, '') || ')', ''), coalesce(round(extract(epoch FROM clock_timestamp() - a.xact_start))::text, '?'),
        coalesce(nullif(left(regexp_replace(a.query, '\\s+', ' ', 'g'), 80), ''), 'query not shown')) AS holder
      FROM pg_stat_activity AS a
      WHERE a.pid <> pg_backend_pid() AND a.pid IN (
        SELECT l.pid FROM pg_locks AS l
        WHERE l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND l.relation = ANY (SELECT to_regclass(name) FROM unnest($1::text[]) AS name)
      )
      ORDER BY a.xact_start NULLS LAST LIMIT 5`,
    [tables],
  )
  return rows.map((row) => row.holder)
}
