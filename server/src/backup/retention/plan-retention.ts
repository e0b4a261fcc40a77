import type { ListedBackup } from '../manifest/list-backups'
import { inPlainEnglish } from '../../text/phrase'
import type { BackupManifest } from '../manifest/manifest'

/** Which backups of a folder are kept, and why; the others may be deleted. */
export interface Retention {
  readonly kept: readonly KeptBackup[]
  /** Each has a matching manifest, as far as can be told without reading the file. */
  readonly removable: readonly RemovableBackup[]
}

export interface KeptBackup {
  readonly path: string
  /** Part of a sentence. */
  readonly why: string
}

export interface RemovableBackup extends ListedBackup {
  /** The ones that are kept instead: if one of them is damaged, this one must not be deleted. */
  readonly insteadOf: readonly ListedBackup[]
}

/**
 * Keeps the newest backups of each database, the last one before each migration, the last one with a tested restore,
 * and each that was restored for use. A file without a manifest, or with one that does not match, may not be ours, so
 * it is kept. So is one from the future: a clock was wrong, and it must not push out the newest.
 *
 * @param backups the newest first
 * @param newest the number to keep per database and scope
 */
export function planRetention(backups: readonly ListedBackup[], newest: number, now: Date): Retention {
  const places = new Places()
  const kept: KeptBackup[] = []
  const removable: RemovableBackup[] = []
  for (const backup of backups) {
    const why = reasonToKeep(backup, { newest, now, places })
    if (typeof why === 'string') kept.push({ path: backup.path, why })
    else removable.push({ ...backup, insteadOf: why })
  }
  return { kept, removable }
}

/** The backups that are kept for a reason of which there is a limited number. */
class Places {
  private readonly holders = new Map<string, ListedBackup[]>()

  /** Whether it gets one. Ask for every backup, whatever else keeps it. */
  take(key: string, limit: number, backup: ListedBackup): boolean {
    const holders = this.holders.get(key) ?? []
    if (holders.length >= limit) return false
    this.holders.set(key, [...holders, backup])
    return true
  }

  newestOf(key: string): ListedBackup[] {
    return (this.holders.get(key) ?? []).slice(0, 1)
  }
}

/** Or those that are kept instead of it. */
function reasonToKeep(
  backup: ListedBackup,
  { newest, now, places }: { readonly newest: number; readonly now: Date; readonly places: Places },
): string | ListedBackup[] {
  const { manifest, problem } = backup
  if (problem !== null) return inPlainEnglish(problem)
  if (manifest === null) return 'it has no manifest'
  if (manifest.level === 0) return 'it is damaged: delete it yourself'
  const { plan, scope, level, restores } = manifest
  if (Date.parse(manifest.createdAt) > now.getTime()) return 'its time is in the future: a clock was wrong'
  const database = nameOfDatabase(manifest)
  const keys = {
    newest: `newest ${scope.kind} ${database}`,
    before: plan === null ? null : `before ${plan.digest} ${database}`,
    tested: level < 3 ? null : `tested ${scope.kind} ${database}`,
  }
  const isNewest = places.take(keys.newest, newest, backup)
  const isLastBefore = keys.before !== null && places.take(keys.before, 1, backup)
  const isLastTested = keys.tested !== null && places.take(keys.tested, 1, backup)
  if (isNewest) return newest === 1 ? 'the newest' : `one of the newest ${newest}`
  if (isLastBefore) return `the last one before the migration: ${plan?.title ?? ''}`
  if (isLastTested) return 'the last one that was restored for a test'
  const last = restores.at(-1)
  if (last !== undefined) return `it was restored into ${last.database}`
  const others = [keys.newest, keys.before, keys.tested].filter((key) => key !== null)
  return [...new Set(others.flatMap((key) => places.newestOf(key)))]
}

function nameOfDatabase({ database: { systemIdentifier, name } }: BackupManifest): string {
  return JSON.stringify([systemIdentifier, name])
}
