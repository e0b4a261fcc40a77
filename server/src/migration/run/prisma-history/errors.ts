import { AuditError, partsOf } from '../../../errors'
import { firstOf } from '../../../text/bounded-list'
import { phrase, type Phrase } from '../../../text/phrase'

export function prismaMigrationOpen(names: readonly string[]): AuditError {
  return new AuditError('prisma-migration-open', {
    what: phrase`A Prisma migration is unfinished: ${names.join(', ')}.`,
    why: phrase`It failed or was interrupted. Prisma refuses other migrations until it is resolved, and so does Prisma Audit.`,
    nextStep: phrase`Run \`prisma migrate resolve --applied\` or \`--rolled-back\`, then run this command again.`,
  })
}

export function prismaHistoryUnfit(table: string, faults: readonly Phrase[]): AuditError {
  return new AuditError('prisma-history-unfit', {
    what: phrase`Cannot record migrations in ${table}. Nothing was changed.`,
    why: phrase`It is not the table that Prisma creates, or it runs code of a role with fewer privileges than yours: ${firstOf(faults, '; ')}.`,
    nextStep: phrase`Remove these. Or migrate with --no-files, which keeps the migration out of Prisma's history.`,
  })
}

export function migrationsNotWritable(folder: string, cause: Error): AuditError {
  return new AuditError(
    'migrations-not-writable',
    {
      what: phrase`Cannot write a migration to ${folder}.`,
      why: partsOf(cause),
      nextStep: phrase`Make the folder writable or free disk space, then run the migration again.`,
    },
    { cause },
  )
}

export function migrationFileChanged(file: string): AuditError {
  return new AuditError('migration-file-changed', {
    what: phrase`${file} has changed since this migration wrote it.`,
    why: phrase`It was changed before it was recorded in Prisma's history, which stores its checksum. It was not overwritten.`,
    nextStep: phrase`Remove it or restore its content, and run the migration again.`,
  })
}
