import { firstOf } from '../../text/bounded-list'
import type { Warning } from '../model'
import { checksumOf } from './record-step'
import { phrase, type Phrase } from '../../text/phrase'

/** A migration folder on disk. */
export interface MigrationOnDisk {
  readonly name: string
  /** Of `migration.sql`; null if it does not exist or cannot be read. */
  readonly text: string | null
}

/** The relevant columns of a row of `_prisma_migrations`. */
export interface AppliedMigration {
  readonly name: string
  readonly checksum: string
  /** `open`: started but not finished, because it failed or is running now. */
  readonly state: 'applied' | 'open' | 'rolled back'
}

export interface HistoryComparison {
  /** Whether both this project and this database have a Prisma history. Then our migrations are recorded in it. */
  readonly isRecorded: boolean
  /** The last name on either side; null if there is none. */
  readonly newest: string | null
  /** Names of migrations that Prisma has started but not finished; it refuses all others until they are resolved. */
  readonly open: readonly string[]
  /** Differences between the two sides, each as a sentence. */
  readonly warnings: readonly Warning[]
}

/**
 * Compares the folder of Prisma's migrations with what the database has recorded; `applied` is null if the database has
 * no such table. `folder` is the folder's name for messages.
 */
export function compareHistory(
  onDisk: readonly MigrationOnDisk[],
  applied: readonly AppliedMigration[] | null,
  folder: string,
): HistoryComparison {
  const rows = (applied ?? []).filter(({ state }) => state !== 'rolled back')
  const names = [...onDisk.map(({ name }) => name), ...rows.map(({ name }) => name)].sort(byBytes)
  const isRecorded = onDisk.length > 0 && applied !== null
  const open = rows.filter(({ state }) => state === 'open').map(({ name }) => name)
  return { isRecorded, newest: names.at(-1) ?? null, open, warnings: warningsOf(onDisk, applied, rows, folder) }
}

function warningsOf(
  onDisk: readonly MigrationOnDisk[],
  applied: readonly AppliedMigration[] | null,
  rows: readonly AppliedMigration[],
  folder: string,
): Warning[] {
  if (onDisk.length === 0) {
    return rows.length === 0
      ? []
      : [
          historyElsewhere(
            folder,
            rows.length === 1
              ? phrase`Prisma's history in the database has 1 migration, but ${folder} is empty, so this migration is not recorded. Pull the folder first, or \`prisma migrate\` will not know about this migration.`
              : phrase`Prisma's history in the database has ${rows.length} migrations, but ${folder} is empty, so this migration is not recorded. Pull the folder first, or \`prisma migrate\` will not know about this migration.`,
          ),
        ]
  }
  if (applied === null) {
    return [
      historyElsewhere(
        folder,
        onDisk.length === 1
          ? phrase`${folder} has 1 migration, but the database has no Prisma history (perhaps it was created by \`prisma db push\`), so this migration is not recorded. \`prisma migrate resolve --applied\` creates a history.`
          : phrase`${folder} has ${onDisk.length} migrations, but the database has no Prisma history (perhaps it was created by \`prisma db push\`), so this migration is not recorded. \`prisma migrate resolve --applied\` creates a history.`,
      ),
    ]
  }
  const warnings: Warning[] = []
  const rowOf = new Map(rows.map((row) => [row.name, row]))
  const missing = rows.filter(({ name }) => !onDisk.some((migration) => migration.name === name))
  const pending = onDisk.filter(({ name }) => !rowOf.has(name))
  const edited = onDisk.filter(({ name, text }) => {
    const row = rowOf.get(name)
    return row?.state === 'applied' && text !== null && !matches(text, row.checksum)
  })
  if (missing.length > 0) {
    const text = phrase`Applied to this database, but missing in ${folder}: ${list(missing)}. Pull them first.`
    warnings.push({ code: 'migrations-missing', object: namesOf(missing), text })
  }
  if (pending.length > 0) {
    const text = phrase`Not applied to this database yet: ${list(pending)}. Run \`prisma migrate deploy\` first.`
    warnings.push({ code: 'migrations-pending', object: namesOf(pending), text })
  }
  if (edited.length > 0) {
    const text = phrase`Changed after they were applied: ${list(edited)}. \`prisma migrate dev\` will therefore ask for a reset, with or without this migration.`
    warnings.push({ code: 'migrations-changed', object: namesOf(edited), text })
  }
  return warnings
}

function historyElsewhere(folder: string, text: Phrase): Warning {
  return { code: 'history-elsewhere', object: folder, text }
}

function namesOf(migrations: readonly { readonly name: string }[]): string {
  return migrations.map(({ name }) => name).join(', ')
}

/** Prisma ignores line endings too. */
function matches(text: string, checksum: string): boolean {
  const unix = text.replaceAll('\r\n', '\n')
  return [text, unix, unix.replaceAll('\n', '\r\n')].some((candidate) => checksumOf(candidate) === checksum)
}

/** Prisma sorts names by their bytes. */
function byBytes(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function list(migrations: readonly { readonly name: string }[]): string | Phrase {
  return firstOf(migrations.map(({ name }) => name))
}
