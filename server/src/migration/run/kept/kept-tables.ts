import type { DatabaseClient } from '../../../database/connect'
import { createJournalSchema } from '../journal-schema'
import createTables from './kept.sql'

/** Are the tables of kept values there? */
export async function keptTablesExist(client: DatabaseClient): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT to_regclass('prisma_audit.kept_column') IS NOT NULL AND to_regclass('prisma_audit.kept_value') IS NOT NULL AS found`,
  )
  return rows[0]?.found === true
}

/** Makes them, and the schema that they stand in, where they are not there; to be called in a transaction. */
export async function createKeptTables(client: DatabaseClient): Promise<void> {
  await createJournalSchema(client)
  if (!(await keptTablesExist(client))) await client.query(createTables)
}

/** Forgets columns of which no value is left, and the tables once nothing is left in them. One transaction. */
export async function dropKeptTablesWhenEmpty(client: DatabaseClient): Promise<void> {
  if (!(await keptTablesExist(client))) return
  await client.query(`
    DELETE FROM prisma_audit.kept_column AS c
    WHERE c.state = 'kept' AND NOT EXISTS (SELECT FROM prisma_audit.kept_value AS v WHERE v.column_id = c.id)`)
  const { rows } = await client.query<{ left: boolean }>(
    'SELECT EXISTS (SELECT FROM prisma_audit.kept_column) AS "left"',
  )
  if (rows[0]?.left === false) await client.query('DROP TABLE prisma_audit.kept_value, prisma_audit.kept_column')
}
