import { AuditError } from '../../errors'
import { linesOf } from '../../text/safe-text'

export function builtInDumpFailed(reason: string): AuditError {
  return new AuditError('backup-failed', {
    what: 'The built-in pg_dump failed.',
    why: linesOf(reason),
    nextStep: 'Install the PostgreSQL client programs, so that pg_dump itself can make the backup, and try again.',
  })
}

export function dumpTextNotSafe(): AuditError {
  return new AuditError('backup-needs-pg-dump', {
    what: 'The built-in pg_dump cannot back up this database unchanged.',
    why: 'A text in it has a line that begins with "\\restrict" or "\\unrestrict", which the built-in pg_dump would omit.',
    nextStep: 'Install the PostgreSQL client programs, so that pg_dump itself can make the backup, and try again.',
  })
}
