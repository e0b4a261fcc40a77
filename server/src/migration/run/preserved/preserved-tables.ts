import type { DatabaseClient } from '../../../database/connect'
import { isServersAnswer } from '../../../database/database-errors'
import { rejectingEventTrigger } from '../session/event-triggers'
import { createOwnSchema, dropOwnSchemaWhenEmpty, ownTablesExist, type OwnSchema } from '../own-schemas/own-schema'
import createTables from './preserved-tables.sql'

/**
 * Whether the tables of preserved values exist. Rejects with `journal-not-trusted`. Call before they are read or
 * written.
 */
export async function preservedTablesExist(client: DatabaseClient): Promise<boolean> {
  return await ownTablesExist(client, SCHEMA)
}

/** The tables of an older version have none for NULLs. Call only if `preservedTablesExist`. */
export async function nullsTableExists(client: DatabaseClient): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT pg_catalog.to_regclass('prisma_audit_kept.kept_null') IS NOT NULL AS found`,
  )
  return rows[0]?.found === true
}

/** Creates the tables and their schema if they do not exist. Call in a transaction. */
export async function createPreservedTables(client: DatabaseClient): Promise<void> {
  await createOwnSchema(client, SCHEMA, createTables)
  await createKeyIndex(client)
}

/** For lookups of NULLs. If an event trigger rejects it, lookups take longer and the rollback continues. */
async function createKeyIndex(client: DatabaseClient): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT pg_catalog.to_regclass('prisma_audit_kept.kept_null_key') IS NOT NULL AS found`,
  )
  if (rows[0]?.found === true) return
  await client.query('SAVEPOINT key_index')
  try {
    await client.query('CREATE INDEX kept_null_key ON prisma_audit_kept.kept_null USING hash (key)')
  } catch (error) {
    if (!isServersAnswer(error)) throw error
    await client.query('ROLLBACK TO SAVEPOINT key_index')
    if ((await rejectingEventTrigger(client, error)) === null) throw error
  }
}

/** Deletes columns without remaining values, and drops the tables and their schema once they are empty. */
export async function dropPreservedTablesWhenEmpty(client: DatabaseClient): Promise<void> {
  if (!(await preservedTablesExist(client))) return
  const noNull = (await nullsTableExists(client))
    ? 'AND NOT EXISTS (SELECT FROM prisma_audit_kept.kept_null AS n WHERE n.column_id = c.id)'
    : ''
  await client.query(`
    DELETE FROM prisma_audit_kept.kept_column AS c
    WHERE c.state = 'kept' AND NOT EXISTS (SELECT FROM prisma_audit_kept.kept_value AS v WHERE v.column_id = c.id) ${noNull}`)
  const { rows } = await client.query<{ left: boolean }>(
    'SELECT EXISTS (SELECT FROM prisma_audit_kept.kept_column) AS "left"',
  )
  if (rows[0]?.left !== false) return
  await client.query('DROP TABLE IF EXISTS prisma_audit_kept.kept_null')
  await client.query('DROP TABLE prisma_audit_kept.kept_value, prisma_audit_kept.kept_column')
  await dropOwnSchemaWhenEmpty(client, SCHEMA)
}

/** Whether the role may create the tables: in the existing schema, or a new schema. */
export async function mayPreserveValues(client: DatabaseClient): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    `SELECT coalesce(has_schema_privilege(to_regnamespace('prisma_audit_kept'), 'CREATE'),
       has_database_privilege(current_database(), 'CREATE')) AS may`,
  )
  return rows[0]?.may === true
}

const SCHEMA: OwnSchema = {
  name: 'prisma_audit_kept',
  comment: 'Made by Prisma Audit: what the application had written into columns that were rolled back.',
  tables: {
    kept_column: [
      ...[
        'id',
        'state',
        'schema_name',
        'table_name',
        'column_name',
        'column_type',
        'key_columns',
        'refers_to',
        'filled',
      ],
      ...['filled_by', 'copy_cursor', 'is_copied', 'kept_at', 'put_back', 'row_gone', 'user_gone', 'overtaken'],
    ],
    kept_value: ['column_id', 'number', 'was_captured', 'key', 'value'],
    kept_null: ['column_id', 'number', 'key'],
  },
  // Missing in the first versions.
  optional: ['kept_null'],
}
