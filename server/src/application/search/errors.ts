import { AuditError, messageLine } from '../../errors'
import { phrase } from '../../text/phrase'

export function searchFailed(cause: Error): AuditError {
  return new AuditError('application-search-failed', {
    what: phrase`Could not search the application's code.`,
    why: messageLine(cause),
    nextStep: phrase`Run the command again. The database and the schema are unchanged.`,
  })
}
