import type { DatabaseClient } from '../../database/connect'

/**
 * Visits tables one after the other in the client's transaction, and gives up the locks on those that were visited: a
 * transaction that reads thousands of tables would lock more than a server allows, which locks their indexes, too.
 */
export async function visitReleasingLocks<Table>(
  client: DatabaseClient,
  tables: readonly Table[],
  visit: (table: Table) => Promise<void>,
): Promise<void> {
  const isMany = tables.length > TABLES
  for (let start = 0; start < tables.length; start += TABLES) {
    if (isMany) await client.query('SAVEPOINT prisma_audit_locks')
    for (const table of tables.slice(start, start + TABLES)) await visit(table)
    if (isMany) await client.query('ROLLBACK TO SAVEPOINT prisma_audit_locks; RELEASE SAVEPOINT prisma_audit_locks')
  }
}

/** As many as no server has a problem with; fewer would be more round trips. */
const TABLES = 100
