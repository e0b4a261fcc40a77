import type { DatabaseClient } from '../../../database/connect'
import { phrase, type Phrase } from '../../../text/phrase'

/** The sessions that currently hold locks on the tables, each as a phrase; `tables` are quoted and qualified. */
export async function describeLockHolders(client: DatabaseClient, tables: readonly string[]): Promise<Phrase[]> {
  const { rows } = await client.query<Holder>(
    `SELECT a.pid::pg_catalog.text AS pid, a.usename AS "user",
        coalesce(' (' OPERATOR(pg_catalog.||) nullif(a.application_name, '') OPERATOR(pg_catalog.||) ')', '') AS application,
        coalesce(pg_catalog.round(EXTRACT(epoch FROM pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) a.xact_start))::pg_catalog.text, '?') AS seconds,
        nullif(pg_catalog.left(pg_catalog.regexp_replace(a.query, '\\s+', ' ', 'g'), 80), '') AS query
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
  return rows.map(
    ({ pid, user, application, seconds, query }) =>
      phrase`process ${pid} of ${user ?? phrase`an unknown role`}${application}, in its transaction for ${seconds} s: ${query ?? phrase`query not shown`}`,
  )
}

interface Holder {
  readonly pid: string
  readonly user: string | null
  /** In parentheses, after a space; empty if it has no name. */
  readonly application: string
  readonly seconds: string
  readonly query: string | null
}
