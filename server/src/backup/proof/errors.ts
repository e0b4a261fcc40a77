import { AuditError, messageLine } from '../../errors'
import { linesOf } from '../../text/safe-text'

export function backupProofFailed(file: string, reason: string): AuditError {
  return new AuditError('backup-proof-failed', {
    what: 'The backup does not match the database.',
    why: linesOf(reason),
    nextStep: `Install the PostgreSQL client programs, so that pg_dump itself can make the backup. ${file} was deleted.`,
  })
}

/** The file is kept: it holds all that the database held. */
export function backupDoesNotRestore(file: string, reason: string): AuditError {
  return new AuditError('backup-does-not-restore', {
    what: `The backup ${file} is complete, but it cannot be restored.`,
    why: linesOf(reason),
    nextStep: [
      'Fix the cause in the database and back up again: a function that finds its tables by search_path is the commonest one.',
      'The file is kept. With --level 2 a backup is not restored.',
    ],
  })
}

export function scratchUnavailable(reason: string): AuditError {
  return new AuditError('scratch-database-unavailable', {
    what: 'Cannot create a scratch database to restore the backup into.',
    why: messageLine(new Error(reason)),
    nextStep: 'Use a role with CREATEDB, or name a server to restore into with --scratch-url.',
  })
}
