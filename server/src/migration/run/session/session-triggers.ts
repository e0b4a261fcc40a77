import type { DatabaseClient } from '../../../database/connect'
import { triggersDoNotFire, type SettingPlace } from './errors'

/**
 * Rejects if the session skips triggers and foreign keys: the migration could not be verified, and an application that
 * connects in the same way would bypass it.
 */
export async function requireFiringTriggers(client: DatabaseClient): Promise<void> {
  const { rows } = await client.query<SettingPlace>(
    `SELECT source, SESSION_USER::pg_catalog.text AS role, pg_catalog.current_database()::pg_catalog.text AS database
     FROM pg_catalog.pg_settings
     WHERE name OPERATOR(pg_catalog.=) 'session_replication_role' AND setting OPERATOR(pg_catalog.=) 'replica'`,
  )
  const [row] = rows
  if (row !== undefined) throw triggersDoNotFire(row)
}
