import { AuditError } from '../errors'

export function sandboxRefused(reasons: readonly string[]): AuditError {
  return new AuditError('sandbox-refused', {
    what: 'The sandbox cannot be started: the schema cannot be created in it.',
    why: reasons,
    nextStep: 'Fix the schema, or connect to a database of your own. The sandbox was removed again.',
  })
}

export function sandboxNotPostgres(provider: string): AuditError {
  return new AuditError('sandbox-not-postgresql', {
    what: `The sandbox cannot be started: the schema is for ${provider}.`,
    why: 'Prisma Audit works with PostgreSQL only.',
    nextStep: 'Set provider = "postgresql" in the datasource block.',
  })
}
