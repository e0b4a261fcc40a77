import { AuditError, partsOf } from '../../errors'
import { phrase, type Phrase } from '../../text/phrase'

/** A major version that was released after this version of ours. */
export function serverTooNewToRehearse(serverVersion: string, builtInVersion: string): AuditError {
  return new AuditError('rehearsal-not-supported', {
    what: phrase`Cannot rehearse a migration of PostgreSQL ${serverVersion}.`,
    why: phrase`The built-in pg_dump ${builtInVersion}, which copies the structure, cannot dump a newer server. All other commands work.`,
    nextStep: phrase`Migrate without a rehearsal, or update Prisma Audit.`,
  })
}

/** @param names some of the existing objects */
export function scratchNotEmpty(label: Phrase, names: readonly string[]): AuditError {
  const shown = names.slice(0, 5).join(', ')
  return new AuditError('scratch-database-not-empty', {
    what: phrase`The scratch database ${label} is not empty.`,
    why: phrase`It contains ${names.length > 5 ? phrase`${shown} and more` : shown}. Everything in a scratch database is dropped after a rehearsal.`,
    nextStep: phrase`Use a new, empty database; or omit it, to rehearse in an embedded PostgreSQL.`,
  })
}

export function scratchIsTheDatabase(label: Phrase): AuditError {
  return new AuditError('scratch-database-is-real', {
    what: phrase`The scratch database ${label} is the database to migrate.`,
    why: phrase`Everything in a scratch database is dropped after a rehearsal.`,
    nextStep: phrase`Use another, empty database; or omit it, to rehearse in an embedded PostgreSQL.`,
  })
}

export function scratchInUse(label: Phrase): AuditError {
  return new AuditError('scratch-database-in-use', {
    what: phrase`Another rehearsal is running in ${label}.`,
    why: phrase`Two rehearsals cannot share a scratch database.`,
    nextStep: phrase`Wait until it has finished, or use another database.`,
  })
}

export function scratchNotEmptied(label: Phrase, cause: unknown): AuditError {
  return new AuditError(
    'scratch-database-not-emptied',
    {
      what: phrase`Could not clean up the scratch database ${label}.`,
      why: partsOf(cause),
      nextStep: phrase`Drop it and create a new one before the next rehearsal. The database to migrate was not changed.`,
    },
    { cause },
  )
}
