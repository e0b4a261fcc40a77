import { AuditError, describeError } from '../../errors'

/** A major version that was released after this version of ours. */
export function serverTooNewToRehearse(serverVersion: string, builtInVersion: string): AuditError {
  return new AuditError('rehearsal-not-supported', {
    what: `Cannot rehearse a migration of PostgreSQL ${serverVersion}.`,
    why: `The built-in pg_dump ${builtInVersion}, which copies the structure, cannot dump a newer server. All other commands work.`,
    nextStep: 'Migrate without a rehearsal, or update Prisma Audit.',
  })
}

/** @param names some of the existing objects */
export function scratchNotEmpty(label: string, names: readonly string[]): AuditError {
  const shown = names.slice(0, 5).join(', ')
  return new AuditError('scratch-database-not-empty', {
    what: `The scratch database ${label} is not empty.`,
    why: `It contains ${names.length > 5 ? `${shown} and more` : shown}. Everything in a scratch database is dropped after a rehearsal.`,
    nextStep: 'Use a new, empty database; or omit it, to rehearse in an embedded PostgreSQL.',
  })
}

export function scratchIsTheDatabase(label: string): AuditError {
  return new AuditError('scratch-database-is-real', {
    what: `The scratch database ${label} is the database to migrate.`,
    why: 'Everything in a scratch database is dropped after a rehearsal.',
    nextStep: 'Use another, empty database; or omit it, to rehearse in an embedded PostgreSQL.',
  })
}

export function scratchInUse(label: string): AuditError {
  return new AuditError('scratch-database-in-use', {
    what: `Another rehearsal is running in ${label}.`,
    why: 'Two rehearsals cannot share a scratch database.',
    nextStep: 'Wait until it has finished, or use another database.',
  })
}

export function scratchNotEmptied(label: string, cause: unknown): AuditError {
  return new AuditError(
    'scratch-database-not-emptied',
    {
      what: `Could not clean up the scratch database ${label}.`,
      why: describeError(cause),
      nextStep: 'Drop it and create a new one before the next rehearsal. The database to migrate was not changed.',
    },
    { cause },
  )
}
