import type { ListedBackup } from '../manifest/list-backups'
import type { BackupManifest } from '../manifest/manifest'

/** What of a folder's backups is kept, and why; the rest may go. */
export interface Retention {
  readonly kept: readonly KeptBackup[]
  /** Each has a manifest that fits, as far as that is seen without reading the file. */
  readonly removable: readonly ListedBackup[]
}

export interface KeptBackup {
  readonly path: string
  /** A part of a sentence. */
  readonly why: string
}

/**
 * Keeps the newest of each database, the last one before each migration, the last one that was restored for a test, and each
 * that was restored for use. What has no manifest, or one that says something else, is not known to be ours, so it stays.
 *
 * @param backups the newest first
 * @param newest how many of each database and scope
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
  // All are counted, whatever the reason to keep them is.
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
