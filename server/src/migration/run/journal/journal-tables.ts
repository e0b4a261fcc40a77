import type { DatabaseClient } from '../../../database/connect'
import type { AuditError } from '../../../errors'
import { createOwnSchema, dropOwnSchemaWhenEmpty, ownTablesExist, type OwnSchema } from '../own-schemas/own-schema'
import { dropPreservedTablesWhenEmpty } from '../preserved/preserved-tables'
import { explainEventTrigger } from '../session/event-triggers'
import { phrase } from '../../../text/phrase'
import createTables from './journal.sql'

/**
 * Whether the journal's tables exist. Rejects with `journal-not-trusted`. Called before anything is read or written.
 */
export async function journalExists(client: DatabaseClient): Promise<boolean> {
  return await ownTablesExist(client, SCHEMA)
}

/** Creates what the journal of an older version lacks. Call it before batches are run or read. */
export async function completeJournal(client: DatabaseClient): Promise<void> {
  if (await journalExists(client)) await createJournal(client)
}

/** Call it in a transaction. */
export async function createJournal(client: DatabaseClient): Promise<void> {
  await createOwnSchema(client, SCHEMA, createTables)
}

/**
 * Drops the journal once every run is rolled back (the given one counts as that), so that the database is as it was
 * before. Preserved values stay, in a schema of their own. Returns an error if an event trigger rejects the DROP.
 */
export async function dropJournalWhenEmpty(
  client: DatabaseClient,
  rolledBack: string | null = null,
): Promise<'dropped' | 'has other runs' | AuditError> {
  const { rows } = await client.query<{ left: boolean }>(
    `SELECT EXISTS (
       SELECT FROM prisma_audit.run WHERE state <> 'rolled back' AND id IS DISTINCT FROM $1::pg_catalog.int8
     ) AS "left"`,
    [rolledBack],
  )
  if (rows[0]?.left !== false) return 'has other runs'
  await client.query('BEGIN')
  try {
    await client.query(
      'DROP TABLE IF EXISTS prisma_audit.object, prisma_audit.identity, prisma_audit.write, prisma_audit.batch, prisma_audit.step, prisma_audit.run',
    )
    await dropPreservedTablesWhenEmpty(client)
    await dropOwnSchemaWhenEmpty(client, SCHEMA)
    await client.query('COMMIT')
    return 'dropped'
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    const known = await explainEventTrigger(client, error, phrase`Drop the journal (schema prisma_audit)`)
    if (known === null) throw error
    return known
  }
}

/** The format of the tables. A journal in any other format is not read. */
export const FORMAT = 2

/** The format that contained the SQL of the steps, which is never run. */
export const FORMER_FORMAT = 1

const SCHEMA: OwnSchema = {
  name: 'prisma_audit',
  comment: 'Made by Prisma Audit: the journal of its migrations. Dropped when all of them are rolled back.',
  tables: {
    run: ['id', 'format', 'state', 'additions', 'role', 'started_at', 'finished_at'],
    step: [
      ...[
        'run_id',
        'position',
        'id',
        'title',
        'state',
        'definition',
        'checksum',
        'batches',
        'rows_done',
        'batch_cursor',
      ],
      ...['filled', 'started_at', 'finished_at'],
    ],
    batch: ['xid', 'run_id', 'position'],
    write: ['run_id', 'table_name', 'write', 'outcome'],
    identity: ['run_id', 'table_name', 'column_name', 'relation', 'number', 'journal'],
    object: ['run_id', 'position', 'catalog', 'number', 'name', 'journal'],
  },
  // The first versions did not have them.
  optional: ['batch', 'write', 'identity', 'object'],
}
