import { AuditError } from '../errors'
import { phrase } from '../text/phrase'

export function nothingToFill(): AuditError {
  return new AuditError('actor-nothing-to-fill', {
    what: phrase`No audit field records a user.`,
    why: phrase`The policy requires none, or the schema does not have it yet.`,
    nextStep: phrase`Require one in prisma-audit.json, run the migration, then run this command again.`,
  })
}

export function fileTaken(file: string): AuditError {
  return new AuditError('actor-file-taken', {
    what: phrase`${file} already exists.`,
    why: phrase`Prisma Audit did not write it, or its markers "<prisma-audit models>" are missing.`,
    nextStep: phrase`Choose another file with --output.`,
  })
}

export function keyUnfit(key: string, type: string): AuditError {
  return new AuditError('actor-key-unfit', {
    what: phrase`"${key}" is not a valid user key.`,
    why: phrase`The user key of this schema has the type ${type}.`,
    nextStep: phrase`Use --without-actor throw, leave, or the key of a system user.`,
  })
}
