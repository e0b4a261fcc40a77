import { AuditError, type ErrorText } from '../errors'
import { phrase } from '../text/phrase'

export function sandboxRefused(reasons: readonly ErrorText[]): AuditError {
  return new AuditError('sandbox-refused', {
    what: phrase`Cannot start the sandbox: the schema cannot be created in it.`,
    why: reasons,
    nextStep: phrase`Fix the schema, or connect to a database of your own. The sandbox was removed.`,
  })
}

export function sandboxNotPostgres(provider: string): AuditError {
  return new AuditError('sandbox-not-postgresql', {
    what: phrase`Cannot start the sandbox: the schema is for ${provider}.`,
    why: phrase`Prisma Audit supports only PostgreSQL.`,
    nextStep: phrase`Set provider = "postgresql" in the datasource block.`,
  })
}
