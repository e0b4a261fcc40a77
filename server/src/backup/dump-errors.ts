import { describeUrl, redact } from '../database/describe-url'
import { AuditError } from '../errors'
import { linesOf } from '../text/safe-text'

/**
 * Converts pg_dump's error output, or any other failure of a dump, to an error for the user.
 *
 * @param error an AuditError is returned unchanged
 */
export function toDumpError(error: unknown, url: string): unknown {
  if (error instanceof AuditError || !(error instanceof Error)) return error
  const reason = redact(tidyOutput(error.message), url)
  const { label, user } = describeUrl(url)
  const kind = KINDS.find(({ pattern }) => pattern.test(reason))
  if (kind === undefined) {
    return new AuditError(
      'backup-failed',
      {
        what: `pg_dump could not back up ${label}.`,
        why: linesOf(reason),
        nextStep: 'Fix the cause and try again. Nothing was changed.',
      },
      { cause: error },
    )
  }
  const { code, what, nextStep } = kind
  return new AuditError(
    code,
    { what: what.replace('{label}', () => label).replace('{user}', () => user), why: linesOf(reason), nextStep },
    { cause: error },
  )
}

const KINDS: readonly { code: string; pattern: RegExp; what: string; nextStep: string }[] = [
  {
    code: 'disk-full',
    pattern: /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT|File too large|EFBIG|SIGXFSZ/i,
    what: 'No space left on the disk for the backup of {label}.',
    nextStep: 'Free disk space, or choose another folder for backups. The unfinished file was deleted.',
  },
  {
    code: 'backup-row-security',
    pattern: /row-level security|row security/i,
    what: 'Row security hides rows of {label} from the role "{user}", so a backup would be incomplete.',
    nextStep: 'Back up as the owner of the tables, a superuser or a role with BYPASSRLS.',
  },
  {
    code: 'backup-not-permitted',
    pattern: /permission denied|must be (owner|superuser)/i,
    what: 'The role "{user}" cannot read everything in {label}.',
    nextStep: 'Back up as the owner of the tables, or as a role with `pg_read_all_data`.',
  },
  {
    code: 'backup-table-locked',
    pattern: /LOCK TABLE[^]*(lock|statement) timeout|(lock|statement) timeout[^]*LOCK TABLE|could not obtain lock/i,
    what: 'Could not acquire a lock on a table of {label}.',
    nextStep: 'Wait for the other transaction to end, or find it in pg_stat_activity and pg_locks; then try again.',
  },
  {
    code: 'backup-failed',
    pattern: /^out of shared memory|ERROR: {2}out of shared memory/m,
    what: 'The server cannot lock all tables of {label} at once.',
    nextStep:
      'Raise max_locks_per_transaction in postgresql.conf (1024, for example) and restart the server: a backup locks each table in one transaction. Then try again.',
  },
  {
    code: 'wrong-password',
    pattern: /password authentication failed|no password supplied|no pg_hba\.conf entry/i,
    what: 'Authentication failed for "{user}" on {label}.',
    nextStep: 'Correct the connection URL. Prisma Audit does not retry automatically.',
  },
  {
    code: 'backup-needs-pg-dump',
    pattern: /string longer than|Array buffer allocation failed|out of memory/i,
    what: 'The dump of {label} is too large for the built-in pg_dump, which keeps it in memory.',
    nextStep: 'Install the PostgreSQL client programs, which include pg_dump, and try again.',
  },
  {
    code: 'connection-lost',
    pattern: /server closed the connection|terminating connection|Connection terminated|could not (send|receive) data/i,
    what: 'The connection to {label} was lost during the backup.',
    nextStep: 'Check that the server is running, and try again.',
  },
]

/** The package joins lines and adds words of its own in front. */
export function tidyOutput(output: string): string {
  return output
    .replace(/(?:invalid binary|could not find a) "pg_dump"(?:: No such file or directory| to execute)/, '')
    .replace(/^pg_dump failed with exit code \d+\. \nError message: /, '')
    .replace(/(?<=\S)pg_dump: /g, '\npg_dump: ')
    .trim()
}
