import { AuditError, whatOf } from '../../errors'
import { phrase, type Phrase } from '../../text/phrase'

export function backupProofFailed(file: string, reason: Phrase): AuditError {
  return new AuditError('backup-proof-failed', {
    what: phrase`The backup does not match the database.`,
    why: reason,
    nextStep: phrase`Install the PostgreSQL client programs, which include pg_dump, and back up again. ${file} was deleted.`,
  })
}

/** The file is kept, because it contains everything from the database. */
export function backupDoesNotRestore(file: string, reason: Phrase): AuditError {
  return new AuditError('backup-does-not-restore', {
    what: phrase`The backup ${file} is complete, but it cannot be restored.`,
    why: reason,
    nextStep: [
      phrase`Fix the cause in the database and back up again. The most common cause is a function that finds its tables by search_path.`,
      phrase`The file was not deleted. With --level 2, no test restore is run.`,
    ],
  })
}

export function scratchUnavailable(cause: unknown): AuditError {
  return new AuditError(
    'scratch-database-unavailable',
    {
      what: phrase`Cannot create a scratch database to restore the backup into.`,
      why: whatOf(cause),
      nextStep: phrase`Use a role with CREATEDB, or restore the backup into the embedded PostgreSQL with --embedded.`,
    },
    { cause },
  )
}
