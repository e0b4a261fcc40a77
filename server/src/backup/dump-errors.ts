import { describeUrl, redact } from '../database/describe-url'
import { AuditError, type ErrorText } from '../errors'
import { linesOf } from '../text/safe-text'
import { phrase, type Phrase } from '../text/phrase'
import { ProgramFailure } from './native/run-program'

/**
 * Converts pg_dump's error output, or any other failure of a dump, to an error for the user.
 *
 * @param error an AuditError is returned unchanged
 */
export function toDumpError(error: unknown, url: string): unknown {
  if (error instanceof AuditError || !(error instanceof Error)) return error
  const why = linesOfFailure(error, url)
  const { named, user } = describeUrl(url)
  const said = `${tidyOutput(error.message)}\n${endedBy(error) ?? ''}`
  const kind = KINDS.find(({ pattern }) => pattern.test(said))
  if (kind === undefined) {
    return new AuditError(
      'backup-failed',
      {
        what: phrase`pg_dump could not back up ${named}.`,
        why,
        nextStep: phrase`Fix the cause and try again. Nothing was changed.`,
      },
      { cause: error },
    )
  }
  const { code, what, nextStep } = kind
  return new AuditError(code, { what: what(named, user), why, nextStep }, { cause: error })
}

/** The output of the program that failed, and the signal that ended it. */
export function linesOfFailure(error: Error, url: string): readonly ErrorText[] {
  const signal = endedBy(error)
  const lines = linesOf(redact(tidyOutput(error.message), url))
  return signal === null ? lines : [...lines, phrase`It was killed by ${signal}.`]
}

function endedBy(error: Error): string | null {
  return error instanceof ProgramFailure ? error.endedBy : null
}

interface Kind {
  readonly code: string
  readonly pattern: RegExp
  readonly what: (label: Phrase, user: string) => Phrase
  readonly nextStep: Phrase
}

const KINDS: readonly Kind[] = [
  {
    code: 'disk-full',
    pattern: /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT|File too large|EFBIG|SIGXFSZ/i,
    what: (label) => phrase`No space left on the disk for the backup of ${label}.`,
    nextStep: phrase`Free disk space, or choose another folder for backups. The unfinished file was deleted.`,
  },
  {
    code: 'backup-row-security',
    pattern: /row-level security|row security/i,
    what: (label, user) =>
      phrase`Row security hides rows of ${label} from the role "${user}", so a backup would be incomplete.`,
    nextStep: phrase`Back up as the owner of the tables, a superuser or a role with BYPASSRLS.`,
  },
  {
    code: 'backup-not-permitted',
    pattern: /permission denied|must be (owner|superuser)/i,
    what: (label, user) => phrase`The role "${user}" cannot read everything in ${label}.`,
    nextStep: phrase`Back up as the owner of the tables, or as a role with \`pg_read_all_data\`.`,
  },
  {
    code: 'backup-table-locked',
    pattern: /LOCK TABLE[^]*(lock|statement) timeout|(lock|statement) timeout[^]*LOCK TABLE|could not obtain lock/i,
    what: (label) => phrase`Could not acquire a lock on a table of ${label}.`,
    nextStep: phrase`Wait for the other transaction to end, or find it in pg_stat_activity and pg_locks; then try again.`,
  },
  {
    code: 'backup-failed',
    pattern: /^out of shared memory|ERROR: {2}out of shared memory/m,
    what: (label) => phrase`The server cannot lock all tables of ${label} at once.`,
    nextStep: phrase`Raise max_locks_per_transaction in postgresql.conf (1024, for example) and restart the server: a backup locks each table in one transaction. Then try again.`,
  },
  {
    code: 'wrong-password',
    pattern: /password authentication failed|no password supplied|no pg_hba\.conf entry/i,
    what: (label, user) => phrase`Authentication failed for "${user}" on ${label}.`,
    nextStep: phrase`Correct the connection URL. Prisma Audit does not retry automatically.`,
  },
  {
    code: 'backup-needs-pg-dump',
    pattern: /string longer than|Array buffer allocation failed|out of memory/i,
    what: (label) => phrase`The dump of ${label} is too large for the built-in pg_dump, which keeps it in memory.`,
    nextStep: phrase`Install the PostgreSQL client programs, which include pg_dump, and try again.`,
  },
  {
    code: 'connection-lost',
    pattern: /server closed the connection|terminating connection|Connection terminated|could not (send|receive) data/i,
    what: (label) => phrase`The connection to ${label} was lost during the backup.`,
    nextStep: phrase`Check that the server is running, and try again.`,
  },
]

/** The package joins lines and adds words of its own in front. */
function tidyOutput(output: string): string {
  return output
    .replace(/(?:invalid binary|could not find a) "pg_dump"(?:: No such file or directory| to execute)/, '')
    .replace(/^pg_dump failed with exit code \d+\. \nError message: /, '')
    .replace(/(?<=\S)pg_dump: /g, '\npg_dump: ')
    .trim()
}
