import type pg from 'pg'

/** Why a server, or this session, takes no writes. */
export type WritesRefused = 'replica' | 'session'

/** Null where it takes writes. Asked outside of a transaction, so that it is the session's default that answers. */
export async function readWritesRefused(client: pg.Client): Promise<WritesRefused | null> {
  const { rows } = await client.query<{ replica: boolean; readonly: boolean }>(
    `SELECT pg_catalog.pg_is_in_recovery() AS replica,
       pg_catalog.current_setting('default_transaction_read_only')::pg_catalog.bool AS "readonly"`,
  )
  if (rows[0]?.replica === true) return 'replica'
  return rows[0]?.readonly === true ? 'session' : null
}
