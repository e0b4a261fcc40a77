import type { DatabaseClient } from '../../database/connect'

/**
 * Gives up the locks that work takes in the client's transaction. Whoever holds one while it waits for pg_dump keeps a
 * DROP waiting, for which pg_dump waits: for ever, because the server sees no deadlock in that.
 */
export async function releasingLocks<Result>(client: DatabaseClient, work: () => Promise<Result>): Promise<Result> {
  await client.query('SAVEPOINT prisma_audit_locks')
  const result = await work()
  await client.query('ROLLBACK TO SAVEPOINT prisma_audit_locks; RELEASE SAVEPOINT prisma_audit_locks')
  return result
}

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
    const visitSome = async () => {
      for (const table of tables.slice(start, start + TABLES)) await visit(table)
    }
    await (isMany ? releasingLocks(client, visitSome) : visitSome())
  }
}

/** As many as no server has a problem with; fewer would be more round trips. */
const TABLES = 100
