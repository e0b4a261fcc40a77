import { AuditError } from '../errors'
import { linesOf } from '../text/safe-text'

/** @param reason what the process said, a sentence or the end of its error output */
export function embeddedServerFailed(reason: string): AuditError {
  return new AuditError('embedded-server-failed', {
    what: 'The embedded PostgreSQL did not start.',
    why: linesOf(reason),
    nextStep: 'Check that there is memory to spare (about 500 MB), or give a database of your own instead.',
  })
}

export function embeddedServerCancelled(): AuditError {
  return new AuditError('embedded-server-cancelled', {
    what: 'Starting the embedded PostgreSQL was cancelled.',
    why: '',
    nextStep: '',
  })
}
