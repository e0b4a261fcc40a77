import { AuditError } from '../errors'
import { linesOf } from '../text/safe-text'
import { phrase, type Phrase } from '../text/phrase'

/** @param reason the process's own message: a sentence or the end of its error output */
export function embeddedServerFailed(reason: string | Phrase): AuditError {
  return new AuditError('embedded-server-failed', {
    what: phrase`The embedded PostgreSQL did not start.`,
    why: typeof reason === 'string' ? linesOf(reason) : reason,
    nextStep: phrase`Free some memory (it needs about 500 MB), or use your own database instead.`,
  })
}

export function embeddedServerCancelled(): AuditError {
  return new AuditError('embedded-server-cancelled', {
    what: phrase`Starting the embedded PostgreSQL was cancelled.`,
    why: '',
    nextStep: '',
  })
}
