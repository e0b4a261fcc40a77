import { AuditError } from '../errors'

export function nothingToFill(): AuditError {
  return new AuditError('actor-nothing-to-fill', {
    what: 'No field says who changed or created a row.',
    why: 'The policy requires no field of the user who acts, or the schema does not have it yet.',
    nextStep:
      'Require such fields in prisma-audit.json (docs/actor.md), run the migration, which adds them, and run this command again.',
  })
}

export function fileTaken(file: string): AuditError {
  return new AuditError('actor-file-taken', {
    what: `${file} already exists.`,
    why: 'It is not a module that Prisma Audit wrote, or its marks "<prisma-audit models>" are gone.',
    nextStep: 'Choose another file with --output.',
  })
}

export function keyUnfit(key: string, type: string): AuditError {
  return new AuditError('actor-key-unfit', {
    what: `"${key}" cannot be the key of a user.`,
    why: `The users of this schema have keys of the type ${type}.`,
    nextStep: 'Use --without-actor throw, leave, or the key of a user that stands for the system.',
  })
}
