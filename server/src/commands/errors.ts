import { AuditError, messageLine } from '../errors'
import type { TypedBecause, WrittenDatabase } from './interaction'
import { phrase, type Phrase } from '../text/phrase'

export function environmentUnknown(label: Phrase): AuditError {
  return new AuditError('environment-unknown', {
    what: phrase`${label} is a remote database whose environment is not set.`,
    why: phrase`It may be production: no command writes to it until you set its environment.`,
    nextStep: [
      phrase`Set it with --environment development, staging or production, or under "databases" in prisma-audit.json;`,
      phrase`or run the command in a terminal, which asks once. Nothing was changed.`,
    ],
  })
}

/** @param question what was to be confirmed: it contains the name of the database */
export function nameNotTyped(question: string, { name, typedBecause }: WrittenDatabase): AuditError {
  return new AuditError('production-unconfirmed', {
    what: phrase`This question needs an answer: ${question}`,
    why: WHY_TYPED[typedBecause ?? 'production'],
    nextStep: phrase`Run the command in a terminal or in VS Code and type it, or pass --confirm-database ${name}. Nothing was changed.`,
  })
}

const WHY_TYPED: Record<TypedBecause, Phrase> = {
  production: phrase`It is a production database. Type its name to confirm; --yes is not enough.`,
  replaced: phrase`Everything in the database is replaced. Type its name to confirm; --yes is not enough.`,
  rows: phrase`Rows in the database are replaced. Type its name to confirm; --yes is not enough.`,
  agent: phrase`An agent asked for this, so a person must type the name of the database.`,
}

export function otherNameConfirmed(confirmed: string, database: string): AuditError {
  return new AuditError('other-database-confirmed', {
    what: phrase`--confirm-database names ${confirmed}, but the command would write to ${database}.`,
    why: phrase`The connection URL now points to a different database than the one that you confirmed.`,
    nextStep: phrase`Correct the URL or the option. Nothing was changed.`,
  })
}

/** For a file that the user has specified. */
export function fileNotWritten(file: string, error: unknown): AuditError {
  return new AuditError('file-not-written', {
    what: phrase`${file} cannot be written.`,
    why: messageLine(error),
    nextStep: phrase`Specify a file in a writable folder.`,
  })
}
