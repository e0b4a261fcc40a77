import type { DatabaseClient } from '../../../database/connect'
import { quoteQualified } from '../../../database/quote'
import { PRISMA_MIGRATIONS } from '../../history/record-step'
import { prismaHistoryUnfit } from './errors'
import faultsQuery from './prisma-history-faults.sql'
import { phraseOfFault } from '../../../text/fault-texts'

/**
 * A role that can create objects in the schema could have created a view or a foreign table of that name, or code that
 * runs with our privileges when a migration is recorded. Call before it is read or written. Rejects with
 * `prisma-history-unfit`.
 */
export async function requireFitPrismaHistory(client: DatabaseClient, schema: string): Promise<void> {
  const table = quoteQualified(schema, PRISMA_MIGRATIONS)
  const { rows } = await client.query<{ fault: string }>(faultsQuery, [table])
  if (rows.length > 0)
    throw prismaHistoryUnfit(
      table,
      rows.map(({ fault }) => phraseOfFault(fault)),
    )
}
