import type { DatabaseClient } from '../../database/connect'

/** Makes the schema prisma_audit where there is none, and marks it as ours; to be called in a transaction. */
export async function createJournalSchema(client: DatabaseClient): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>(`SELECT to_regnamespace('prisma_audit') IS NOT NULL AS found`)
  if (rows[0]?.found === true) return
  await client.query('CREATE SCHEMA prisma_audit')
  await client.query(`COMMENT ON SCHEMA prisma_audit IS '${SCHEMA_COMMENT}'`)
}

/** One that somebody else made, or put something into, stays. To be called in a transaction. */
export async function dropJournalSchemaWhenEmpty(client: DatabaseClient): Promise<void> {
  const { rows } = await client.query<{ ours: boolean }>(
    `SELECT obj_description(n.oid, 'pg_namespace') = $1 AND NOT EXISTS (
       SELECT FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND refobjid = n.oid
     ) AS ours FROM pg_namespace AS n WHERE n.nspname = 'prisma_audit'`,
    [SCHEMA_COMMENT],
  )
  if (rows[0]?.ours === true) await client.query('DROP SCHEMA prisma_audit')
}

const SCHEMA_COMMENT = 'Made by Prisma Audit: the journal of its migrations. Dropped when all of them are rolled back.'
