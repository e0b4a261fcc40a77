import type { DatabaseClient } from '../../../database/connect'
import { quoteQualified } from '../../../database/quote'
import type { AppliedMigration } from '../../history/compare-history'
import { PRISMA_MIGRATIONS } from '../../history/record-step'
import { requireFitPrismaHistory } from './prisma-history-faults'

/**
 * The migrations that Prisma has recorded in this schema, oldest first; null if it has no history there. Rejects with
 * `prisma-history-unfit`.
 */
export async function readPrismaHistory(client: DatabaseClient, schema: string): Promise<AppliedMigration[] | null> {
  const table = quoteQualified(schema, PRISMA_MIGRATIONS)
  const { rows: found } = await client.query<{ found: boolean }>(
    'SELECT pg_catalog.to_regclass($1) IS NOT NULL AS found',
    [table],
  )
  if (found[0]?.found !== true) return null
  await requireFitPrismaHistory(client, schema)
  const { rows } = await client.query<AppliedMigration>(
    `SELECT migration_name AS name, checksum, CASE
        WHEN rolled_back_at IS NOT NULL THEN 'rolled back'
        WHEN finished_at IS NULL THEN 'open'
        ELSE 'applied'
      END AS state
     FROM ${table} ORDER BY started_at`,
  )
  return rows
}
