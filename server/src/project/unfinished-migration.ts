import type { DatabaseClient } from '../database/connect'
import { errorCode } from '../database/database-errors'
import { AuditError } from '../errors'
import { journalExists, readJournal } from '../migration/run/journal/journal'
import { isOwnRun } from '../migration/run/journal/run-target'
import { isMigrationRunning } from '../migration/run/session/session'

/**
 * Does the journal hold a migration of these schemas, or a rollback, that broke off? One that runs at this moment has not. A
 * journal that may not be trusted, or that this role may not read, says nothing: the next command says so.
 */
export async function hasUnfinishedMigration(client: DatabaseClient, schemas: readonly string[]): Promise<boolean> {
  try {
    if (!(await journalExists(client)) || !(await hasOpenRun(client)) || (await isMigrationRunning(client)))
      return false
    return (await readJournal(client)).some((run) => OPEN.includes(run.state) && isOwnRun(run, { schemas }))
  } catch (error) {
    if (error instanceof AuditError && error.code.startsWith('journal-')) return false
    if (errorCode(error) === NO_PRIVILEGE) return false
    throw error
  }
}

const NO_PRIVILEGE = '42501'

const OPEN: readonly string[] = ['running', 'rolling back']

/** The whole journal is read only where there is one. */
async function hasOpenRun(client: DatabaseClient): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (
       SELECT FROM prisma_audit.run WHERE state OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.text[])
     ) AS found`,
    [OPEN],
  )
  return rows[0]?.found === true
}
