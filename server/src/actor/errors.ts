import { AuditError } from '../errors'

export function nothingToFill(): AuditError {
  return new AuditError('actor-nothing-to-fill', {
    what: 'No audit field records a user.',
    why: 'The policy requires none, or the schema does not have it yet.',
    nextStep: 'Require one in prisma-audit.json (docs/actor.md), run the migration, then run this command again.',
  })
}

export function fileTaken(file: string): AuditError {
  return new AuditError('actor-file-taken', {
    what: `${file} already exists.`,
    why: 'Prisma Audit did not write it, or its markers "<prisma-audit models>" are missing.',
    nextStep: 'Choose another file with --output.',
  })
}

export function keyUnfit(key: string, type: string): AuditError {
  return new AuditError('actor-key-unfit', {
    what: `"${key}" is not a valid user key.`,
    why: `The user key of this schema has the type ${type}.`,
    nextStep: 'Use --without-actor throw, leave, or the key of a system user.',
  })
}
