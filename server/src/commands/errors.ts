import { AuditError, messageLine } from '../errors'
import type { TypedBecause, WrittenDatabase } from './interaction'

export function environmentUnknown(label: string): AuditError {
  return new AuditError('environment-unknown', {
    what: `${label} is a remote database whose environment is not set.`,
    why: 'It may be production: no command writes to it until you set its environment.',
    nextStep: [
      'Set it with --environment development, staging or production, or under "databases" in prisma-audit.json;',
      'or run the command in a terminal, which asks once. Nothing was changed.',
    ],
  })
}

/** @param question what was to be confirmed: it contains the name of the database */
export function nameNotTyped(question: string, { name, typedBecause }: WrittenDatabase): AuditError {
  return new AuditError('production-unconfirmed', {
    what: `This question needs an answer: ${question}`,
    why: WHY_TYPED[typedBecause ?? 'production'],
    nextStep: `Run the command in a terminal or in VS Code and type it, or pass --confirm-database ${name}. Nothing was changed.`,
  })
}

const WHY_TYPED: Record<TypedBecause, string> = {
  production: 'It is a production database. Type its name to confirm; --yes is not enough.',
  replaced: 'Everything in the database is replaced. Type its name to confirm; --yes is not enough.',
  rows: 'Rows in the database are replaced. Type its name to confirm; --yes is not enough.',
  agent: 'An agent asked for this, so a person must type the name of the database.',
}

export function otherNameConfirmed(confirmed: string, database: string): AuditError {
  return new AuditError('other-database-confirmed', {
    what: `--confirm-database names ${confirmed}, but the command would write to ${database}.`,
    why: 'The connection URL now points to a different database than the one that you confirmed.',
    nextStep: 'Correct the URL or the option. Nothing was changed.',
  })
}

/** For a file that the user has specified. */
export function fileNotWritten(file: string, error: unknown): AuditError {
  return new AuditError('file-not-written', {
    what: `${file} cannot be written.`,
    why: messageLine(error),
    nextStep: 'Specify a file in a writable folder.',
  })
}
