import type { DatabaseClient } from './connect'
import { quoteQualified } from './quote'

/** The names of the migrations that Prisma has applied, of its history in this schema; null where there is none. */
export async function readAppliedMigrations(client: DatabaseClient, schema: string): Promise<Set<string> | null> {
  const table = quoteQualified(schema, '_prisma_migrations')
  const { rows: found } = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [table])
  if (found[0]?.found !== true) return null
  const { rows } = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM ${table} WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  )
  return new Set(rows.map(({ name }) => name))
}
