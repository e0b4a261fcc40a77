import { describeUrl } from '../database/describe-url'
import { AuditError, listOf, messageLine, WHERE_TO_SPECIFY_URL } from '../errors'
import { firstOf } from '../text/bounded-list'
import { phrase, type Phrase } from '../text/phrase'
import { linesOf } from '../text/safe-text'
import { sizeWords } from '../text/size-words'

export function backupCancelled(): AuditError {
  return new AuditError('backup-cancelled', {
    what: phrase`The backup was cancelled.`,
    why: phrase`The unfinished file was deleted; the database was only read.`,
    nextStep: '',
  })
}

export function backupFolderNotWritable(folder: string, cause: unknown): AuditError {
  if (cause instanceof Error && /ENOSPC|EDQUOT|EFBIG/.test(cause.message)) {
    return new AuditError(
      'disk-full',
      {
        what: phrase`No space left on the disk of ${folder}.`,
        why: messageLine(cause),
        nextStep: phrase`Free disk space, or choose another folder for backups.`,
      },
      { cause },
    )
  }
  return new AuditError(
    'backup-folder-not-writable',
    {
      what: phrase`Cannot write a backup to ${folder}.`,
      why: messageLine(cause),
      nextStep: phrase`Make the folder writable, or choose another one for backups.`,
    },
    { cause },
  )
}

/** @param label of the database */
export function poolerKeepsSettings(label: Phrase): AuditError {
  return new AuditError('transaction-pooler', {
    what: phrase`Cannot dump or restore ${label} through a connection pooler in transaction mode.`,
    why: phrase`pg_dump and pg_restore change the search path of their session, which the pooler then gives to the application.`,
    nextStep: phrase`Specify a direct connection: \`directUrl\` in the schema, ${WHERE_TO_SPECIFY_URL}.`,
  })
}

/** @param tables in SQL: `public."User"` */
export function backupNotPermitted(url: string, tables: readonly string[]): AuditError {
  const { named, user } = describeUrl(url)
  return new AuditError('backup-not-permitted', {
    what: phrase`The role "${user}" cannot read all tables of ${named}.`,
    why: phrase`It lacks the SELECT privilege on ${firstOf(tables)}.`,
    nextStep: phrase`Back up as the owner of the tables, or as a role with \`pg_read_all_data\`.`,
  })
}

export function backupRowSecurity(url: string, tables: readonly string[]): AuditError {
  const { named, user } = describeUrl(url)
  return new AuditError('backup-row-security', {
    what: phrase`Row security hides rows of ${named} from the role "${user}", so a backup would be incomplete.`,
    why: phrase`Policies apply to it on ${firstOf(tables)}.`,
    nextStep: phrase`Back up as the owner of the tables, a superuser or a role with BYPASSRLS.`,
  })
}

/** @param reason a string: what a program says */
export function archiveUnreadable(file: string, reason: Phrase | string): AuditError {
  return new AuditError('backup-unreadable', {
    what: phrase`The backup ${file} is truncated or damaged.`,
    why: typeof reason === 'string' ? linesOf(reason) : reason,
    nextStep: phrase`Create another backup; this one cannot be restored.`,
  })
}

/** @param sizes bytes */
export function diskTooSmall(folder: string, sizes: { readonly free: number; readonly needed: number }): AuditError {
  return new AuditError('disk-full', {
    what: phrase`Not enough space on the disk of ${folder} for the backup.`,
    why: phrase`${sizeWords(sizes.free)} are free, but the backup needs about ${sizeWords(sizes.needed)}.`,
    nextStep: phrase`Free disk space, or choose another folder for backups (--output).`,
  })
}

export function scopeEmpty(): AuditError {
  return new AuditError('backup-scope-empty', {
    what: phrase`There is nothing to back up.`,
    why: phrase`The plan changes no existing table.`,
    nextStep: phrase`Back up the whole database (--scope database).`,
  })
}

export function backupMissing(file: string, cause: unknown): AuditError {
  return new AuditError(
    'backup-missing',
    {
      what: phrase`The backup ${file} cannot be opened.`,
      why: messageLine(cause),
      nextStep: phrase`Specify a file that \`prisma-audit backup\` created.`,
    },
    { cause },
  )
}

/** A link may lead to a different backup tomorrow, and the files next to it are not the backup's. */
export function backupIsLink(file: string, target: string): AuditError {
  return new AuditError('file-refused', {
    what: phrase`${file} is a symbolic link.`,
    why: phrase`It points to ${target}. Links to backups are not followed.`,
    nextStep: phrase`Specify the path of the file itself.`,
  })
}

/** For a sentence, without the bars that tell what others said; the first lines of a long one. */
export function reasonInOneLine({ parts }: AuditError): Phrase {
  const [first = '', ...others] = listOf(parts.why)
    .slice(0, 6)
    .map((line) => (typeof line === 'string' ? line.replace(/^\s*\|\s*/, '') : line))
  return others.reduce<Phrase>((sentence, line) => phrase`${sentence} ${line}`, phrase`${first}`)
}
