import type { ListedBackup } from '../manifest/list-backups'
import type { BackupManifest } from '../manifest/manifest'

/** Which backups of a folder are kept, and why; the others may be deleted. */
export interface Retention {
  readonly kept: readonly KeptBackup[]
  /** Each has a matching manifest, as far as can be told without reading the file. */
  readonly removable: readonly ListedBackup[]
}

export interface KeptBackup {
  readonly path: string
  /** Part of a sentence. */
  readonly why: string
}

/**
 * Keeps the newest backups of each database, the last one before each migration, the last one with a tested restore,
 * and each that was restored for use. A file without a manifest, or with one that does not match, may not be ours, so
 * it is kept.
 *
 * @param backups the newest first
 * @param newest the number to keep per database and scope
 */
export function planRetention(backups: readonly ListedBackup[], newest: number): Retention {
  const counts = new Map<string, number>()
  const count = (key: string): number => {
    const next = (counts.get(key) ?? 0) + 1
    counts.set(key, next)
    return next
  }
  const kept: KeptBackup[] = []
  const removable: ListedBackup[] = []
  for (const backup of backups) {
    const why = reasonToKeep(backup, newest, count)
    if (why === null) removable.push(backup)
    else kept.push({ path: backup.path, why })
  }
  return { kept, removable }
}

function reasonToKeep(
  { manifest, problem }: ListedBackup,
  newest: number,
  count: (key: string) => number,
): string | null {
  if (problem !== null) return problem
  if (manifest === null) return 'it has no manifest'
  if (manifest.level === 0) return 'it is damaged: delete it yourself'
  const { plan, scope, level, restores } = manifest
  const database = nameOfDatabase(manifest)
  // Counts all of them, because other reasons to keep one do not change the counts.
  const isNewest = count(`newest ${scope.kind} ${database}`) <= newest
  const isLastBefore = plan !== null && count(`before ${plan.digest} ${database}`) === 1
  const isLastTested = level >= 3 && count(`tested ${scope.kind} ${database}`) === 1
  if (isNewest) return newest === 1 ? 'the newest' : `one of the newest ${newest}`
  if (isLastBefore) return `the last one before the migration: ${plan.title}`
  if (isLastTested) return 'the last one that was restored for a test'
  const last = restores.at(-1)
  return last === undefined ? null : `it was restored into ${last.database}`
}

function nameOfDatabase({ database: { systemIdentifier, name } }: BackupManifest): string {
  return JSON.stringify([systemIdentifier, name])
}
