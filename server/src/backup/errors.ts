import { describeUrl, redact } from '../database/describe-url'
import { AuditError, messageLine } from '../errors'
import { linesOf } from '../text/safe-text'

export function backupCancelled(): AuditError {
  return new AuditError('backup-cancelled', {
    what: 'The backup was cancelled.',
    why: 'The unfinished file was deleted; the database was only read.',
    nextStep: '',
  })
}

export function builtInDumpFailed(reason: string): AuditError {
  return new AuditError('backup-failed', {
    what: 'The built-in pg_dump failed.',
    why: linesOf(reason),
    nextStep: 'Install the PostgreSQL client programs, so that pg_dump itself can make the backup, and try again.',
  })
}

export function dumpTextNotSafe(): AuditError {
  return new AuditError('backup-needs-pg-dump', {
    what: 'The built-in pg_dump cannot back up this database unchanged.',
    why: 'A text in it has a line that begins with "\\restrict" or "\\unrestrict", which the built-in pg_dump would omit.',
    nextStep: 'Install the PostgreSQL client programs, so that pg_dump itself can make the backup, and try again.',
  })
}

/** A major version that came out after this release. */
export function serverNewerThanBuiltIn(given: {
  readonly serverVersion: string
  readonly serverMajor: number
  readonly builtInVersion: string
  readonly rejected: readonly { readonly path: string; readonly reason: string }[]
  readonly lookedIn: readonly string[]
}): AuditError {
  const { serverVersion, serverMajor, builtInVersion, rejected, lookedIn } = given
  const found = rejected.map(({ path, reason }) => `${path} ${reason}`)
  return new AuditError('backup-needs-pg-dump', {
    what: `A backup of PostgreSQL ${serverVersion} needs pg_dump ${String(serverMajor)} or newer, but none is installed.`,
    why: [
      `pg_dump cannot dump a server newer than itself, and the built-in one is ${builtInVersion}.`,
      `${found.length === 0 ? 'No other pg_dump found' : `Found: ${found.join('; ')}`}. Looked in: ${lookedIn.join(', ')}.`,
      'check, plan, migrate, verify and rollback work without it.',
    ].join(' '),
    nextStep: installHint(serverMajor, process.platform),
  })
}

export function backupFolderNotWritable(folder: string, cause: unknown): AuditError {
  if (cause instanceof Error && /ENOSPC|EDQUOT/.test(cause.message)) {
    return new AuditError(
      'disk-full',
      {
        what: `No space left on the disk of ${folder}.`,
        why: cause.message,
        nextStep: 'Free disk space, or choose another folder for backups.',
      },
      { cause },
    )
  }
  return new AuditError(
    'backup-folder-not-writable',
    {
      what: `Cannot write a backup to ${folder}.`,
      why: messageLine(cause),
      nextStep: 'Make the folder writable, or choose another one for backups.',
    },
    { cause },
  )
}

/** @param tables as SQL writes them: `public."User"` */
export function backupNotPermitted(url: string, tables: readonly string[]): AuditError {
  const { label, user } = describeUrl(url)
  return new AuditError('backup-not-permitted', {
    what: `The role "${user}" cannot read all tables of ${label}.`,
    why: `It lacks the SELECT privilege on ${someOf(tables)}.`,
    nextStep: 'Back up as the owner of the tables, or as a role with `pg_read_all_data`.',
  })
}

export function backupRowSecurity(url: string, tables: readonly string[]): AuditError {
  const { label, user } = describeUrl(url)
  return new AuditError('backup-row-security', {
    what: `Row security hides rows of ${label} from the role "${user}", so a backup would be incomplete.`,
    why: `Policies apply to it on ${someOf(tables)}.`,
    nextStep: 'Back up as the owner of the tables, a superuser or a role with BYPASSRLS.',
  })
}

export function archiveUnreadable(file: string, reason: string): AuditError {
  return new AuditError('backup-unreadable', {
    what: `The backup ${file} is truncated or damaged.`,
    why: linesOf(reason),
    nextStep: 'Create another backup; this one cannot be restored.',
  })
}

export function backupProofFailed(file: string, reason: string): AuditError {
  return new AuditError('backup-proof-failed', {
    what: 'The backup does not match the database.',
    why: linesOf(reason),
    nextStep: `Install the PostgreSQL client programs, so that pg_dump itself can make the backup. ${file} was deleted.`,
  })
}

/** The file is kept: it holds all that the database held. */
export function backupDoesNotRestore(file: string, reason: string): AuditError {
  return new AuditError('backup-does-not-restore', {
    what: `The backup ${file} is complete, but it cannot be restored.`,
    why: linesOf(reason),
    nextStep: [
      'Fix the cause in the database and back up again: a function that finds its tables by search_path is the commonest one.',
      'The file is kept. With --level 2 a backup is not restored.',
    ],
  })
}

/** @param sizes bytes */
export function diskTooSmall(folder: string, sizes: { readonly free: number; readonly needed: number }): AuditError {
  return new AuditError('disk-full', {
    what: `Not enough space on the disk of ${folder} for the backup.`,
    why: `It has ${megabytes(sizes.free)} free; the backup takes about ${megabytes(sizes.needed)}.`,
    nextStep: 'Free disk space, or choose another folder for backups (--output).',
  })
}

export function manifestInvalid(file: string, problem: string): AuditError {
  return new AuditError('manifest-invalid', {
    what: `${file} is not a valid backup manifest.`,
    why: `Cannot use it: ${problem}.`,
    nextStep: 'Use another backup, or delete the manifest: the backup is then checked by its .sha256 file alone.',
  })
}

export function scratchUnavailable(reason: string): AuditError {
  return new AuditError('scratch-database-unavailable', {
    what: 'Cannot create a scratch database to restore the backup into.',
    why: messageLine(new Error(reason)),
    nextStep: 'Use a role with CREATEDB, or name a server to restore into with --scratch-url.',
  })
}

export function databaseNameTaken(database: string): AuditError {
  return new AuditError('restore-target-exists', {
    what: `The database ${database} exists already, so nothing was restored.`,
    why: 'A restore creates its own database.',
    nextStep: 'Choose another name with --into.',
  })
}

export function newDatabaseImpossible(database: string, cause: unknown): AuditError {
  return new AuditError(
    'restore-database-impossible',
    {
      what: `Cannot create the database ${database} to restore into.`,
      why: messageLine(cause),
      nextStep: 'Use a role with CREATEDB, or create an empty database and give its URL with --url.',
    },
    { cause },
  )
}

export function tableNotInBackup(file: string, table: string): AuditError {
  return new AuditError('table-not-in-backup', {
    what: `${file} holds no rows of ${table}.`,
    why: 'It was backed up without this table, or the table had another name then.',
    nextStep:
      'Specify the name that the table has in the database and in the backup, or use another backup. Nothing was changed.',
  })
}

/** @param why whole sentences */
export function tableNotRestorable(table: string, why: string): AuditError {
  return new AuditError('table-not-restorable', {
    what: `Rows of ${table} cannot be restored one by one.`,
    why,
    nextStep: 'Restore the backup into a new database (without --table), and copy what you need from there.',
  })
}

export function rowsChangedMeanwhile(table: string): AuditError {
  return new AuditError('rows-changed', {
    what: `Rows of ${table} have changed since they were compared, so nothing was copied back.`,
    why: 'What would be copied is not what was shown.',
    nextStep: 'Run the command again and confirm what it then shows.',
  })
}

export function copyBackFailed(cause: unknown): AuditError {
  return new AuditError(
    'copy-back-failed',
    {
      what: 'The rows could not be copied back, so all was rolled back.',
      why: messageLine(cause),
      nextStep:
        'A row added since may have the same unique value, or a row that is referred to may be missing: restore that table as well (--table again).',
    },
    { cause },
  )
}

export function copyBackIncomplete(table: string): AuditError {
  return new AuditError('copy-back-incomplete', {
    what: `Not every row of ${table} came back as it is in the backup, so all was rolled back.`,
    why: 'A trigger of another table, a foreign key or an identity column wrote or kept another value.',
    nextStep: 'Restore the backup into a new database (without --table), and copy what you need from there.',
  })
}

export function recipientInvalid(recipient: string): AuditError {
  return new AuditError('recipient-invalid', {
    what: `${recipient} is not a recipient of age.`,
    why: 'A recipient is a public key that begins with age1. Nothing was backed up.',
    nextStep: 'Create a key with age-keygen, keep it safe, and give its public key.',
  })
}

/** @param variable of the environment that names a file of keys */
export function identityMissing(file: string, variable: string): AuditError {
  return new AuditError('backup-encrypted', {
    what: `${file} is encrypted with age, and no key for it was found.`,
    why: 'Only the key of one of its recipients decrypts it.',
    nextStep: `Set ${variable} to the file with the key (as age-keygen writes it), and run the command again.`,
  })
}

/** @param why whole sentences */
export function identityUnusable(why: string): AuditError {
  return new AuditError('identity-unusable', {
    what: 'The key that decrypts backups cannot be used.',
    why,
    nextStep: 'Correct PRISMA_AUDIT_AGE_IDENTITY_FILE or PRISMA_AUDIT_AGE_IDENTITY. A key begins with AGE-SECRET-KEY-.',
  })
}

export function scopeEmpty(): AuditError {
  return new AuditError('backup-scope-empty', {
    what: 'There is nothing to back up.',
    why: 'The plan changes no existing table.',
    nextStep: 'Back up the whole database (--scope database).',
  })
}

/** @param scope `the tables public."Lead"` */
export function backupIsPartial(file: string, scope: string, nextStep: string): AuditError {
  return new AuditError('backup-is-partial', {
    what: `${file} cannot be restored as a database: it contains only ${scope}.`,
    why: 'The rest of the database would be missing. Nothing was restored.',
    nextStep,
  })
}

/** @param why whole sentences */
export function backupNotOurs(file: string, why: string): AuditError {
  return new AuditError('backup-not-ours', {
    what: `${file} was not deleted.`,
    why,
    nextStep:
      'Only a backup whose file, manifest and checksum agree is deleted. Delete it by hand if it is not needed.',
  })
}

export function noBackup(folder: string): AuditError {
  return new AuditError('backup-missing', {
    what: `No backup found in ${folder}.`,
    why: 'It contains no file that `prisma-audit backup` created.',
    nextStep: 'Give the path of a backup, or the folder of backups with --output.',
  })
}

export function noPgDump(given: {
  readonly survey: { readonly serverVersion: string; readonly serverMajor: number; readonly bytes: number }
  readonly rejected: readonly { readonly path: string; readonly reason: string }[]
  readonly lookedIn: readonly string[]
  /** Of the built-in pg_dump, in bytes. */
  readonly limit: number
}): AuditError {
  const { survey, rejected, lookedIn, limit } = given
  const found = rejected.map(({ path, reason }) => `${path} ${reason}`)
  const size = `The database has ${megabytes(survey.bytes)}; the built-in pg_dump takes ${megabytes(limit)} at most.`
  return new AuditError('pg-dump-missing', {
    what: `No pg_dump found that can back up PostgreSQL ${survey.serverVersion}.`,
    why: [
      found.length === 0 ? 'None was found.' : `Found: ${found.join('; ')}.`,
      `Looked in: ${lookedIn.join(', ')}.`,
      ...(survey.bytes > limit ? [size] : []),
    ].join(' '),
    nextStep: `Install the client programs of PostgreSQL ${String(survey.serverMajor)} or newer and try again, or set "prismaAudit.pgDumpPath". ${installHint(survey.serverMajor, process.platform)}`,
  })
}

function installHint(major: number, platform: NodeJS.Platform): string {
  const version = String(major)
  if (platform === 'darwin') return `With Homebrew: brew install postgresql@${version}.`
  if (platform === 'win32') return `With winget: winget install PostgreSQL.PostgreSQL.${version}.`
  return `On Debian and Ubuntu: apt install postgresql-client-${version} (newer ones from apt.postgresql.org); on Fedora and RHEL: dnf install postgresql${version}.`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${String(names.length - 5)} more` : shown
}

export function backupMissing(file: string, cause: unknown): AuditError {
  return new AuditError(
    'backup-missing',
    {
      what: `The backup ${file} cannot be opened.`,
      why: messageLine(cause),
      nextStep: 'Specify a file that `prisma-audit backup` created.',
    },
    { cause },
  )
}

/** A link may lead to another backup tomorrow, and what stands beside it is not the backup's. */
export function backupIsLink(file: string, target: string): AuditError {
  return new AuditError('file-refused', {
    what: `${file} is a symbolic link.`,
    why: `It points to ${target}. Links to backups are not followed.`,
    nextStep: 'Give the path of the file itself.',
  })
}

/** @param expected on record beside it; where they are several, they do not agree */
export function backupChanged(
  file: string,
  sums: { readonly expected: readonly string[]; readonly actual: string },
): AuditError {
  const [first = '', ...others] = new Set(sums.expected)
  if (others.length > 0) {
    return new AuditError('backup-changed', {
      what: `The checksums of ${file} do not match.`,
      why: `The manifest says ${first}, the .sha256 file ${others.join(', ')}, and the file has ${sums.actual}: one of the three was changed.`,
      nextStep: 'Use another backup, or unchanged copies of all three. Nothing was restored.',
    })
  }
  return new AuditError('backup-changed', {
    what: `The backup ${file} has changed since it was created.`,
    why: `Its SHA-256 is ${sums.actual}, and was ${first} when it was created.`,
    nextStep: 'Use another backup, or an unchanged copy of this one. Nothing was restored.',
  })
}

/** Found before anything is written. */
export function backupDiffersFromManifest(file: string, differences: string): AuditError {
  return new AuditError('backup-differs', {
    what: `The backup ${file} does not match its manifest.`,
    why: `${differences}.`,
    nextStep: [
      'Use another backup: this one, or its manifest, was changed. Nothing was restored.',
      'To restore it without that comparison, move its manifest (.json) away.',
    ],
  })
}

export function checksumUnreadable(file: string): AuditError {
  return new AuditError('checksum-unreadable', {
    what: `${file} holds no SHA-256 checksum.`,
    why: 'Without it, nothing shows whether the backup beside it is as it was created.',
    nextStep: 'Use another backup, or delete the checksum file to restore without a check. Nothing was restored.',
  })
}

/** @param names of what is there, some of them */
export function targetNotEmpty(label: string, names: readonly string[]): AuditError {
  return new AuditError('restore-target-not-empty', {
    what: `${label} is not empty, so nothing was restored.`,
    why: `It contains ${someOf(names)}, which a restore would replace or fail on.`,
    nextStep: 'Restore into a new, empty database, or add --force to drop what is there first.',
  })
}

export function noPgRestore(given: {
  readonly serverMajor: number
  readonly rejected: readonly { readonly path: string; readonly reason: string }[]
  readonly lookedIn: readonly string[]
}): AuditError {
  const found = given.rejected.map(({ path, reason }) => `${path} ${reason}`)
  return new AuditError('pg-restore-missing', {
    what: 'No pg_restore found that can restore this backup.',
    why: `${found.length === 0 ? 'None was found.' : `Found: ${found.join('; ')}.`} Looked in: ${given.lookedIn.join(', ')}.`,
    nextStep: `Install the client programs of PostgreSQL ${String(given.serverMajor)} or newer. ${installHint(given.serverMajor, process.platform)}`,
  })
}

export function restoreCancelled(): AuditError {
  return new AuditError('restore-cancelled', {
    what: 'The restore was cancelled.',
    why: 'Its transaction was rolled back, so the database is as it was.',
    nextStep: '',
  })
}

/** What went wrong while a backup was loaded; an AuditError comes back as it is. */
export function toRestoreError(error: unknown, url: string): unknown {
  if (error instanceof AuditError || !(error instanceof Error)) return error
  return new AuditError(
    'restore-failed',
    {
      what: `The backup could not be restored into ${describeUrl(url).label}.`,
      why: linesOf(redact(tidyOutput(error.message), url)),
      nextStep: NEEDS_LOCKS.test(error.message)
        ? 'Raise max_locks_per_transaction in postgresql.conf (1024, for example) and restart the server: a restore locks each object in one transaction. Then restore again.'
        : 'Fix the cause (a missing role or extension, for example), and restore into an empty database.',
    },
    { cause: error },
  )
}

/** PostgreSQL's hint, which psql and pg_restore print as well; `pg` has the message alone. */
const NEEDS_LOCKS = /max_locks_per_transaction|max_pred_locks_per_transaction|^out of shared memory$/m

/**
 * What pg_dump's error output, or any other failure of a dump, means for the user.
 *
 * @param error an AuditError comes back as it is
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
    pattern: /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT|File too large/i,
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
    what: 'The role "{user}" may not read everything in {label}.',
    nextStep: 'Back up as the owner of the tables, or as a role with `pg_read_all_data`.',
  },
  {
    code: 'backup-table-locked',
    pattern: /LOCK TABLE[^]*(lock|statement) timeout|(lock|statement) timeout[^]*LOCK TABLE|could not obtain lock/i,
    what: 'Could not acquire a lock on a table of {label}.',
    nextStep: 'Wait for the other transaction to end, or find it in pg_stat_activity and pg_locks; then try again.',
  },
  {
    code: 'wrong-password',
    pattern: /password authentication failed|no password supplied|no pg_hba\.conf entry/i,
    what: 'The database refused the login as "{user}" to {label}.',
    nextStep: 'Correct the connection URL. Prisma Audit does not retry by itself.',
  },
  {
    code: 'backup-needs-pg-dump',
    pattern: /string longer than|Array buffer allocation failed|out of memory/i,
    what: 'The dump of {label} is too large for the built-in pg_dump, which keeps it in memory.',
    nextStep: 'Install the PostgreSQL client programs, so that pg_dump itself can make the backup, and try again.',
  },
  {
    code: 'connection-lost',
    pattern: /server closed the connection|terminating connection|Connection terminated|could not (send|receive) data/i,
    what: 'The connection to {label} was lost during the backup.',
    nextStep: 'Check that the server is running, and try again.',
  },
]

/** The package glues lines together and puts words of its own before them. */
function tidyOutput(output: string): string {
  return output
    .replace(/(?:invalid binary|could not find a) "pg_dump"(?:: No such file or directory| to execute)/, '')
    .replace(/^pg_dump failed with exit code \d+\. \nError message: /, '')
    .replace(/(?<=\S)pg_dump: /g, '\npg_dump: ')
    .trim()
}
