import { AuditError } from '../../errors'
import { linesOf } from '../../text/safe-text'

export function builtInDumpFailed(reason: string): AuditError {
  return new AuditError('backup-failed', {
    what: 'The built-in pg_dump failed.',
    why: linesOf(reason),
    nextStep: 'Install the PostgreSQL client programs, which include pg_dump, and try again.',
  })
}

export function dumpTextNotSafe(): AuditError {
  return new AuditError('backup-needs-pg-dump', {
    what: 'The built-in pg_dump cannot back up this database unchanged.',
    why: 'A line of a text value starts with "\\restrict" or "\\unrestrict". The built-in pg_dump would omit that line.',
    nextStep: 'Install the PostgreSQL client programs, which include pg_dump, and try again.',
  })
}
