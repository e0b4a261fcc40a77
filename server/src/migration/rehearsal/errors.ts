import { AuditError, describeError } from '../../errors'

/** A major version that came out after this release. */
export function serverTooNewToRehearse(serverVersion: string, builtInVersion: string): AuditError {
  return new AuditError('rehearsal-not-supported', {
    what: `A migration of PostgreSQL ${serverVersion} cannot be rehearsed.`,
    why: `The structure is copied with the built-in pg_dump ${builtInVersion}, which reads no newer server. Everything else works.`,
    nextStep: 'Go on without a rehearsal, or update Prisma Audit.',
  })
}

/** @param names of what is there, some of them */
export function scratchNotEmpty(label: string, names: readonly string[]): AuditError {
  const shown = names.slice(0, 5).join(', ')
  return new AuditError('scratch-database-not-empty', {
    what: `${label} is not empty, so nothing is rehearsed in it.`,
    why: `It holds ${names.length > 5 ? `${shown} and more` : shown}, and all that stands in a scratch database is dropped after a rehearsal.`,
    nextStep: 'Give a new, empty database, or none: the rehearsal then runs in an embedded PostgreSQL.',
  })
}

export function scratchIsTheDatabase(label: string): AuditError {
  return new AuditError('scratch-database-is-real', {
    what: `${label} is the database that is to be migrated, so nothing is rehearsed in it.`,
    why: 'All that stands in a scratch database is dropped after a rehearsal.',
    nextStep: 'Give another, empty database, or none: the rehearsal then runs in an embedded PostgreSQL.',
  })
}

export function scratchInUse(label: string): AuditError {
  return new AuditError('scratch-database-in-use', {
    what: `Another rehearsal runs in ${label}.`,
    why: 'Two rehearsals in one database would see each other.',
    nextStep: 'Wait until it is done, or give another database.',
  })
}

export function scratchNotEmptied(label: string, cause: unknown): AuditError {
  return new AuditError(
    'scratch-database-not-emptied',
    {
      what: `What the rehearsal made in ${label} could not be dropped again.`,
      why: describeError(cause),
      nextStep: 'Drop that database and make a new one before the next rehearsal. The real database was not changed.',
    },
    { cause },
  )
}
