import { quoteIdentifier } from '../../../database/quote'
import { AuditError } from '../../../errors'
import { firstOf } from '../../../text/bounded-list'
import { phrase, type Phrase } from '../../../text/phrase'

/**
 * `owner` is the wrong owner of the schema or an object in it, null if the owners are right; `role` is the current
 * role.
 */
export function journalNotTrusted(
  schema: string,
  problems: readonly Phrase[],
  owner: string | null,
  role: string,
): AuditError {
  const name = quoteIdentifier(role)
  return new AuditError('journal-not-trusted', {
    what: phrase`The schema ${schema} cannot be trusted. Nothing was read from it and nothing was changed.`,
    why: phrase`${firstOf(problems, '; ')}. Its contents decide what runs with the privileges of ${role}, so no role with fewer privileges may be able to write to it.`,
    nextStep:
      owner === null
        ? phrase`Inspect it. If it is yours, remove these privileges and objects: REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM …; REVOKE CREATE ON SCHEMA ${schema} FROM …. If it is not, drop the schema.`
        : phrase`Connect as ${owner}; or, after you have inspected it, ALTER SCHEMA ${schema} OWNER TO ${name} and ALTER TABLE … OWNER TO ${name} for its tables. If you do not recognize it, drop the schema.`,
  })
}

export function journalUnreadable(reason: Phrase): AuditError {
  return new AuditError('journal-unreadable', {
    what: phrase`The journal in schema prisma_audit is unreadable.`,
    why: reason,
    nextStep: phrase`Restore the journal or a backup, or clean up yourself; migrations/FORMAT.md describes the journal.`,
  })
}
