import { AuditError } from '../../errors'

export function searchFailed(cause: Error): AuditError {
  return new AuditError('application-search-failed', {
    what: "Could not search the application's code.",
    why: cause.message,
    nextStep: 'Run the command again. The database and the schema are unchanged.',
  })
}
