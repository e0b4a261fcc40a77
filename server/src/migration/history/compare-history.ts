import { listNames } from '../../text/bounded-list'
import type { Warning } from '../model'
import { checksumOf } from './record-step'
import { counted } from '../../text/amounts'

/** A folder of migrations as it is on the disk. */
export interface MigrationOnDisk {
  readonly name: string
  /** Of `migration.sql`; null where there is none that can be read. */
  readonly text: string | null
}

/** A row of `_prisma_migrations`, as far as it matters. */
export interface AppliedMigration {
  readonly name: string
  readonly checksum: string
  /** `open`: begun and not ended, because it failed, or because it runs now. */
  readonly state: 'applied' | 'open' | 'rolled back'
}

export interface HistoryComparison {
  /** Does this project keep Prisma's history, and this database too? Then ours is written into it. */
  readonly isRecorded: boolean
  /** The last name on either side; null for none. */
  readonly newest: string | null
  /** Names of migrations that Prisma has begun and not ended; it refuses all others until that is resolved. */
  readonly open: readonly string[]
  /** Where the two sides are at odds already; each is a sentence. */
  readonly warnings: readonly Warning[]
}

/**
 * Holds the folder of Prisma's migrations against what the database has recorded of them; `applied` is null where the
 * database has no such table. `folder` is how the folder is called.
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
            `Prisma's history in the database has ${counted(rows.length, 'migration')}, but ${folder} is empty, so this migration is not recorded. ` +
              'Pull the folder first, or `prisma migrate` will not know about this migration.',
          ),
        ]
  }
  if (applied === null) {
    return [
      historyElsewhere(
        folder,
        `${folder} has ${counted(onDisk.length, 'migration')}, but the database has no Prisma history (perhaps it was created by \`prisma db push\`), ` +
          'so this migration is not recorded. `prisma migrate resolve --applied` creates a history.',
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
    const text = `Applied to this database, but missing in ${folder}: ${list(missing)}. Pull them first.`
    warnings.push({ code: 'migrations-missing', object: namesOf(missing), text })
  }
  if (pending.length > 0) {
    const text = `Not applied to this database yet: ${list(pending)}. Run \`prisma migrate deploy\` first.`
    warnings.push({ code: 'migrations-pending', object: namesOf(pending), text })
  }
  if (edited.length > 0) {
    const text = `Changed after they were applied: ${list(edited)}. \`prisma migrate dev\` will therefore ask for a reset, with or without this migration.`
    warnings.push({ code: 'migrations-changed', object: namesOf(edited), text })
  }
  return warnings
}

function historyElsewhere(folder: string, text: string): Warning {
  return { code: 'history-elsewhere', object: folder, text }
}

function namesOf(migrations: readonly { readonly name: string }[]): string {
  return migrations.map(({ name }) => name).join(', ')
}

/** Prisma, too, lets Git's line ends pass. */
function matches(text: string, checksum: string): boolean {
  const unix = text.replaceAll('\r\n', '\n')
  return [text, unix, unix.replaceAll('\n', '\r\n')].some((candidate) => checksumOf(candidate) === checksum)
}

/** Prisma sorts names by their bytes. */
function byBytes(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function list(migrations: readonly { readonly name: string }[]): string {
  return listNames(migrations.map(({ name }) => name))
}
