import { describeUrl, redact } from '../database/describe-url'
import { AuditError } from '../errors'
import { linesOf } from '../text/safe-text'
import { tidyOutput } from './dump-errors'
import { phrase } from '../text/phrase'

/** Converts an error during the load of a backup; an AuditError is returned unchanged. */
export function toRestoreError(error: unknown, url: string): unknown {
  if (error instanceof AuditError || !(error instanceof Error)) return error
  return new AuditError(
    'restore-failed',
    {
      what: phrase`The backup could not be restored into ${describeUrl(url).label}.`,
      why: linesOf(redact(tidyOutput(error.message), url)),
      nextStep: NEEDS_LOCKS.test(error.message)
        ? phrase`Restore into a new database, which takes several transactions; or raise max_locks_per_transaction in postgresql.conf (1024, for example), restart the server and restore again: into an existing database, one transaction locks each object.`
        : phrase`Fix the cause (a missing role or extension, for example), and restore into an empty database.`,
    },
    { cause: error },
  )
}

/** PostgreSQL's hint, which psql and pg_restore also print; `pg` has only the message. */
const NEEDS_LOCKS = /max_locks_per_transaction|max_pred_locks_per_transaction|^out of shared memory$/m
