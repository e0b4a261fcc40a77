import type { DatabaseClient } from '../../database/connect'
import { quoteIdentifier } from '../../database/quote'
import type { RestoreNotes } from '../backup-way'
import { readPlainDump } from './read-plain-dump'
import { portableStatements } from '../sql/portable-statements'

/**
 * Runs a plain dump in one transaction, in a session of its own, since a dump changes the session's settings.
 *
 * @param options.force drops all schemas with what they hold first; the same transaction, so a failure leaves all as it was
 */
export async function restorePlainDump(
  client: DatabaseClient,
  options: { readonly path: string; readonly force: boolean; readonly withoutOwners: boolean },
): Promise<RestoreNotes> {
  const dump = readPlainDump(options.path)
  const warnings: string[] = []
  client.on('notice', ({ severity, message }) => {
    if (severity === 'WARNING' && warnings.length < 100) warnings.push(message ?? '')
  })
  await client.query('BEGIN')
  try {
    if (options.force) await dropSchemas(client, dump)
    for (const statement of portableStatements(dump)) {
      if (!options.withoutOwners || !SETS_OWNER.test(statement)) await client.query(statement)
    }
    await client.query('COMMIT')
    return { warnings }
  } catch (error) {
    // Where the connection is gone the server rolls back by itself, and the first error is what matters.
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** Owners and privileges, behind pg_dump's comments. */
export const SETS_OWNER =
  /^(?:--[^\n]*\n|\s)*(?:GRANT |REVOKE |ALTER DEFAULT PRIVILEGES |ALTER [A-Z ]+ [^;]* OWNER TO (?:[^\s"]+|"(?:[^"]|"")*")$)/

/** A dump takes it that `public` is there, unless it was changed; then it makes it. */
export async function dropSchemas(client: DatabaseClient, dump: string): Promise<void> {
  const schemas = await client.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_catalog.pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'`,
  )
  for (const { name } of schemas.rows) await client.query(`DROP SCHEMA ${quoteIdentifier(name)} CASCADE`)
  if (!/^CREATE SCHEMA public;$/m.test(dump)) await client.query('CREATE SCHEMA public')
}
