import { AuditError } from '../errors'

export function sandboxRefused(reasons: readonly string[]): AuditError {
  return new AuditError('sandbox-refused', {
    what: 'Cannot start the sandbox: the schema cannot be created in it.',
    why: reasons,
    nextStep: 'Fix the schema, or connect to a database of your own. The sandbox was removed.',
  })
}

export function sandboxNotPostgres(provider: string): AuditError {
  return new AuditError('sandbox-not-postgresql', {
    what: `Cannot start the sandbox: the schema is for ${provider}.`,
    why: 'Prisma Audit supports only PostgreSQL.',
    nextStep: 'Set provider = "postgresql" in the datasource block.',
  })
}
