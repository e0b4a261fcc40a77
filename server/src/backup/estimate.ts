import fs from 'node:fs'
import path from 'node:path'
import type { BackupWay } from './backup-way'

/** What a backup will take, from sizes that the server tells; rough, and said as that. */
export interface BackupEstimate {
  /** Of the file. */
  readonly bytes: number
  /** Of dump and reading back together. */
  readonly seconds: number
  /** Of the restore into a scratch database, with its comparison. */
  readonly restoreSeconds: number
}

export function estimateBackup(
  scope: { readonly databaseBytes: number; readonly tableBytes: number },
  format: BackupWay['format'],
): BackupEstimate {
  const bytes = Math.ceil(scope.tableBytes * (format === 'plain' ? 1.2 : 0.4))
  return { bytes, seconds: scope.tableBytes / DUMP_SPEED, restoreSeconds: scope.databaseBytes / RESTORE_SPEED }
}

/** Bytes a second on a laptop, measured with `npm run bench -- backup`. A restore is measured by the database's size, indexes included. */
const DUMP_SPEED = 30_000_000
const RESTORE_SPEED = 15_000_000

/** Seconds of a restore up to which it is tested unasked. */
export const RESTORE_UNASKED = 60

/** Bytes that are free where the folder is, or will be; null where the system does not say. */
export function freeBytes(folder: string): number | null {
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    try {
      const { bavail, bsize } = fs.statfsSync(place)
      return bavail * bsize
    } catch {
      if (path.dirname(place) === place) return null
    }
  }
}
