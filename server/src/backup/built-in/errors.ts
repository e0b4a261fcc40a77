import { AuditError } from '../../errors'
import { linesOf } from '../../text/safe-text'
import { phrase, type Phrase } from '../../text/phrase'

export function builtInDumpFailed(reason: string | Phrase): AuditError {
  return new AuditError('backup-failed', {
    what: phrase`The built-in pg_dump failed.`,
    why: typeof reason === 'string' ? linesOf(reason) : reason,
    nextStep: phrase`Install the PostgreSQL client programs, which include pg_dump, and try again.`,
  })
}

export function dumpTextNotSafe(): AuditError {
  return new AuditError('backup-needs-pg-dump', {
    what: phrase`The built-in pg_dump cannot back up this database unchanged.`,
    why: phrase`A line of a text value starts with "\\restrict" or "\\unrestrict". The built-in pg_dump would omit that line.`,
    nextStep: phrase`Install the PostgreSQL client programs, which include pg_dump, and try again.`,
  })
}
