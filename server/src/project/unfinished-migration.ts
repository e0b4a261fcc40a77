import type { DatabaseClient } from '../database/connect'
import { errorCode } from '../database/database-errors'
import { AuditError } from '../errors'
import { readJournal } from '../migration/run/journal/journal'
import { journalExists } from '../migration/run/journal/journal-tables'
import { isOwnRun } from '../migration/run/journal/run-target'
import { isMigrationRunning } from '../migration/run/session/session'

/**
 * Whether the journal has an interrupted migration or rollback of these schemas; a running one does not count. A
 * journal that is not trusted or not readable counts as none: the next command reports it.
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

/** The full journal is read only if there is one. */
async function hasOpenRun(client: DatabaseClient): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (
       SELECT FROM prisma_audit.run WHERE state OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.text[])
     ) AS found`,
    [OPEN],
  )
  return rows[0]?.found === true
}
