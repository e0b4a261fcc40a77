import { withClient, type DatabaseClient } from '../database/connect'
import { quoteIdentifier } from '../database/quote'
import type { EnvironmentVariables } from '../platform/environment-variables'

/**
 * Drops a database of our own and terminates its sessions. The subscriptions of a restored backup would prevent that,
 * so they are dropped first, without their slots, which belong to the publisher and the database that was backed up.
 *
 * @param client of another database
 * @param url of the one to drop
 */
export async function dropDatabase(
  client: DatabaseClient,
  {
    name,
    url,
    environment,
  }: { readonly name: string; readonly url: string; readonly environment: EnvironmentVariables },
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT s.subname::pg_catalog.text AS name FROM pg_catalog.pg_subscription AS s
     JOIN pg_catalog.pg_database AS d ON d.oid OPERATOR(pg_catalog.=) s.subdbid
     WHERE d.datname::pg_catalog.text OPERATOR(pg_catalog.=) $1`,
    [name],
  )
  if (rows.length > 0)
    await withClient(url, { environment }, async (inside) => {
      for (const { name: subscription } of rows) {
        const quoted = quoteIdentifier(subscription)
        await inside.query(`ALTER SUBSCRIPTION ${quoted} DISABLE`)
        await inside.query(`ALTER SUBSCRIPTION ${quoted} SET (slot_name = NONE)`)
        await inside.query(`DROP SUBSCRIPTION ${quoted}`)
      }
    })
  await client.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`)
}
