import { AuditError, whatOf, WHERE_TO_SPECIFY_URL } from '../../errors'
import { firstOf } from '../../text/bounded-list'
import { phrase, type Phrase } from '../../text/phrase'
import type { ForeseenLocks } from './foresee-locks'

export function databaseNameTaken(database: string): AuditError {
  return new AuditError('restore-target-exists', {
    what: phrase`The database ${database} already exists. Nothing was restored.`,
    why: phrase`A restore creates a new database.`,
    nextStep: phrase`Choose another name with --into.`,
  })
}

export function newDatabaseImpossible(database: string, cause: unknown): AuditError {
  return new AuditError(
    'restore-database-impossible',
    {
      what: phrase`Cannot create the database ${database} to restore into.`,
      why: whatOf(cause),
      nextStep: phrase`Use a role with CREATEDB, or create an empty database and specify its URL: ${WHERE_TO_SPECIFY_URL}.`,
    },
    { cause },
  )
}

/** @param scope `the tables public."Lead"` */
export function backupIsPartial(file: string, scope: Phrase, nextStep: Phrase): AuditError {
  return new AuditError('backup-is-partial', {
    what: phrase`${file} cannot be restored as a database: it contains only ${scope}.`,
    why: phrase`The rest of the database would be missing. Nothing was restored.`,
    nextStep,
  })
}

/** Detected before anything is written. */
export function backupDiffersFromManifest(file: string, differences: string | Phrase): AuditError {
  return new AuditError('backup-differs', {
    what: phrase`The backup ${file} does not match its manifest.`,
    why: phrase`${differences}.`,
    nextStep: [
      phrase`Use another backup: this one, or its manifest, was changed. Nothing was restored.`,
      phrase`To restore it without that comparison, move its manifest (.json) away.`,
    ],
  })
}

/** @param names some of the existing objects */
export function targetNotEmpty(label: Phrase, names: readonly string[]): AuditError {
  return new AuditError('restore-target-not-empty', {
    what: phrase`${label} is not empty. Nothing was restored.`,
    why: phrase`It contains ${firstOf(names)}, which a restore would replace or fail on.`,
    nextStep: phrase`Restore into a new, empty database, or replace the objects with --over.`,
  })
}

export function targetSubscribes(label: Phrase, subscriptions: readonly string[]): AuditError {
  return new AuditError('restore-target-subscribes', {
    what: phrase`${label} has logical replication subscriptions. Nothing was restored.`,
    why: phrase`Replacing the database would drop ${firstOf(subscriptions)}, and the replication slots of the publisher.`,
    nextStep: phrase`Restore into a new database, or drop the subscriptions first.`,
  })
}

/** Foreseen before anything is changed. */
export function restoreNeedsLocks(label: Phrase, { needed, promised }: ForeseenLocks): AuditError {
  return new AuditError('restore-needs-locks', {
    what: phrase`${label} has too many objects to be replaced in one transaction. Nothing was changed.`,
    why: phrase`It would lock at least ${needed} objects, and the server has room for about ${promised} (max_locks_per_transaction).`,
    nextStep: phrase`Restore into a new database (without --over), which takes several transactions; or raise max_locks_per_transaction in postgresql.conf (1024, for example), restart the server and try again.`,
  })
}

export function restoreCancelled(): AuditError {
  return new AuditError('restore-cancelled', {
    what: phrase`The restore was cancelled.`,
    why: phrase`Its transaction was rolled back. The database is unchanged.`,
    nextStep: '',
  })
}
