import { describeUrl } from '../database/describe-url'
import { AuditError } from '../errors'
import { linesOfFailure } from './dump-errors'
import { firstOf } from '../text/bounded-list'
import { phrase, type Phrase } from '../text/phrase'

/** Converts an error during the load of a backup; an AuditError is returned unchanged. */
export function toRestoreError(error: unknown, url: string): unknown {
  if (error instanceof AuditError || !(error instanceof Error)) return error
  return new AuditError(
    'restore-failed',
    {
      what: phrase`The backup could not be restored into ${describeUrl(url).named}.`,
      why: linesOfFailure(error, url),
      nextStep: NEEDS_LOCKS.test(error.message)
        ? phrase`Restore into a new database, which takes several transactions; or raise max_locks_per_transaction in postgresql.conf (1024, for example), restart the server and restore again: into an existing database, one transaction locks each object.`
        : phrase`Fix the cause (a missing role or extension, for example), and restore into an empty database.`,
    },
    { cause: error },
  )
}

/** While everything is dropped. */
export function objectsInUse(
  { url, seconds, holders }: { readonly url: string; readonly seconds: number; readonly holders: readonly Phrase[] },
  cause: unknown,
): AuditError {
  return new AuditError(
    'lock-timeout',
    {
      what: phrase`Could not lock everything in ${describeUrl(url).named} within ${String(seconds)} s. Nothing was changed.`,
      why:
        holders.length === 0
          ? phrase`Another transaction held a lock that is needed to drop everything.`
          : phrase`Held by ${firstOf(holders, '; ')}.`,
      nextStep: phrase`Wait for the other transaction or end it, then restore again.`,
    },
    { cause },
  )
}

/** PostgreSQL's hint, which psql and pg_restore also print; `pg` has only the message. */
const NEEDS_LOCKS = /max_locks_per_transaction|max_pred_locks_per_transaction|^out of shared memory$/m
