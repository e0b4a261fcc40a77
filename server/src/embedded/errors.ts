import { AuditError } from '../errors'
import { linesOf } from '../text/safe-text'

/** @param reason the process's own message: a sentence or the end of its error output */
export function embeddedServerFailed(reason: string): AuditError {
  return new AuditError('embedded-server-failed', {
    what: 'The embedded PostgreSQL did not start.',
    why: linesOf(reason),
    nextStep: 'Free some memory (it needs about 500 MB), or use your own database instead.',
  })
}

export function embeddedServerCancelled(): AuditError {
  return new AuditError('embedded-server-cancelled', {
    what: 'Starting the embedded PostgreSQL was cancelled.',
    why: '',
    nextStep: '',
  })
}
