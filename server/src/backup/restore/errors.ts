import { AuditError, messageLine, WHERE_TO_SPECIFY_URL } from '../../errors'
import { listNames } from '../../text/bounded-list'
import { phrase } from '../../text/phrase'

export function databaseNameTaken(database: string): AuditError {
  return new AuditError('restore-target-exists', {
    what: `The database ${database} already exists. Nothing was restored.`,
    why: 'A restore creates a new database.',
    nextStep: 'Choose another name with --into.',
  })
}

export function newDatabaseImpossible(database: string, cause: unknown): AuditError {
  return new AuditError(
    'restore-database-impossible',
    {
      what: `Cannot create the database ${database} to restore into.`,
      why: messageLine(cause),
      nextStep: phrase`Use a role with CREATEDB, or create an empty database and specify its URL: ${WHERE_TO_SPECIFY_URL}.`,
    },
    { cause },
  )
}

/** @param scope `the tables public."Lead"` */
export function backupIsPartial(file: string, scope: string, nextStep: string): AuditError {
  return new AuditError('backup-is-partial', {
    what: `${file} cannot be restored as a database: it contains only ${scope}.`,
    why: 'The rest of the database would be missing. Nothing was restored.',
    nextStep,
  })
}

/** Detected before anything is written. */
export function backupDiffersFromManifest(file: string, differences: string): AuditError {
  return new AuditError('backup-differs', {
    what: `The backup ${file} does not match its manifest.`,
    why: `${differences}.`,
    nextStep: [
      'Use another backup: this one, or its manifest, was changed. Nothing was restored.',
      'To restore it without that comparison, move its manifest (.json) away.',
    ],
  })
}

/** @param names some of the existing objects */
export function targetNotEmpty(label: string, names: readonly string[]): AuditError {
  return new AuditError('restore-target-not-empty', {
    what: `${label} is not empty. Nothing was restored.`,
    why: `It contains ${listNames(names)}, which a restore would replace or fail on.`,
    nextStep: 'Restore into a new, empty database, or replace the objects with --over.',
  })
}

export function targetSubscribes(label: string, subscriptions: readonly string[]): AuditError {
  return new AuditError('restore-target-subscribes', {
    what: `${label} has logical replication subscriptions. Nothing was restored.`,
    why: `Replacing the database would drop ${listNames(subscriptions)}, and the replication slots of the publisher.`,
    nextStep: 'Restore into a new database, or drop the subscriptions first.',
  })
}

export function restoreCancelled(): AuditError {
  return new AuditError('restore-cancelled', {
    what: 'The restore was cancelled.',
    why: 'Its transaction was rolled back. The database is unchanged.',
    nextStep: '',
  })
}
