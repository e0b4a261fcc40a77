import { quoteIdentifier } from '../../../database/quote'
import { AuditError } from '../../../errors'
import { firstOf } from '../../../text/bounded-list'
import { phrase, type Phrase } from '../../../text/phrase'

export function journalNamesOthers(writer: string, problems: readonly Phrase[]): AuditError {
  return new AuditError('journal-not-trusted', {
    what: phrase`The journal cannot be trusted, because ${writer} can write to it. Nothing was changed.`,
    why: phrase`${writer} is a member of pg_write_all_data, and its steps name objects of other roles: ${firstOf(problems, '; ')}. The steps would run with your privileges.`,
    nextStep: phrase`REVOKE pg_write_all_data FROM ${quoteIdentifier(writer)} after you have inspected prisma_audit.step, then run the command again.`,
  })
}

export function otherRunIsNewest(): AuditError {
  return new AuditError('other-run', {
    what: phrase`The migration that you confirmed is no longer the newest one.`,
    why: phrase`Another session has migrated or rolled back in the meantime.`,
    nextStep: phrase`Nothing was changed. Run the rollback again to see what it would undo now.`,
  })
}

export function rollbackUnfinished(runId: string): AuditError {
  return new AuditError('rollback-unfinished', {
    what: phrase`The rollback of run ${runId} is unfinished.`,
    why: phrase`A new migration cannot start before it is finished.`,
    nextStep: phrase`Roll back again to continue, then migrate.`,
  })
}

export function runOfFormerVersion(runId: string): AuditError {
  return new AuditError('journal-format-former', {
    what: phrase`Run ${runId} of an earlier version of Prisma Audit was interrupted. Nothing was changed.`,
    why: phrase`Its journal contains SQL, and this version does not run SQL that it reads from a database.`,
    nextStep: phrase`Roll it back, then migrate again.`,
  })
}
