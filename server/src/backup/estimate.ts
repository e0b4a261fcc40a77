import fs from 'node:fs'
import path from 'node:path'
import { phrase, type Phrase } from '../text/phrase'
import type { BackupWay } from './backup-way'
import type { SampledRows } from './sample-rows'
import { sizeWords } from '../text/size-words'

/** A rough estimate of a backup's size and time, from sizes that the server reports. */
export interface BackupEstimate {
  /** Of the file. */
  readonly bytes: number
  /** Of dump, reading back and the test restore together. */
  readonly seconds: number
}

/**
 * @param sample null: the compression of most databases
 * @param restoredInto where level 3 restores it; null: it does not come to that
 */
export function estimateBackup(
  scope: { readonly tableBytes: number; readonly largeObjectBytes: number; readonly databaseBytes: number },
  format: BackupWay['format'],
  sample: SampledRows | null,
  restoredInto: 'server' | 'embedded' | null,
): BackupEstimate {
  const { text, compressed } = sample ?? { text: 1, compressed: USUAL_COMPRESSION }
  const rowBytes = Math.max(0, scope.tableBytes - scope.largeObjectBytes)
  // Plain dumps have an INSERT for the rows. The server stores large objects compressed already; in SQL they are
  // hexadecimal.
  const bytes = Math.ceil(
    format === 'plain'
      ? rowBytes * 1.2 * text + scope.largeObjectBytes * 2
      : rowBytes * compressed + scope.largeObjectBytes,
  )
  const restore = restoredInto === null ? 0 : restoreSeconds(scope, restoredInto)
  return { bytes, seconds: scope.tableBytes / DUMP_SPEED + restore }
}

/** @param free bytes at the destination; null if the system does not report it */
export function describeEstimate(
  { bytes, seconds }: BackupEstimate,
  free: number | null,
  isParallelOffered: boolean,
): Phrase {
  const size = bytes < MEGABYTE ? phrase`less than 1 MB` : phrase`about ${sizeWords(bytes)}`
  const time = seconds < 60 ? phrase`less than a minute` : phrase`${Math.ceil(seconds / 60)} min`
  const space = free === null ? [] : [phrase`${sizeWords(free)} free`]
  const faster = isParallelOffered ? [phrase`faster with --jobs 4 ("backups.jobs" in the policy)`] : []
  return phrase`Backup: ${[size, time, ...space, ...faster]}`
}

const USUAL_COMPRESSION = 0.4

/** Smaller backups are not worth an estimate. */
const MEGABYTE = 1024 * 1024

function restoreSeconds({ databaseBytes }: { readonly databaseBytes: number }, place: 'server' | 'embedded'): number {
  return databaseBytes / (place === 'embedded' ? EMBEDDED_SPEED : RESTORE_SPEED)
}

/**
 * Bytes per second on a laptop that has other work, too: 1 GB took a quarter of the estimate on two idle processors,
 * and one and a half to three times as long beside twenty other processes (`npm run bench -- backup`). A restore is
 * measured by the database's size, including indexes.
 */
const DUMP_SPEED = 30_000_000
const RESTORE_SPEED = 15_000_000
const EMBEDDED_SPEED = 3_000_000

/** The largest database for the embedded server, in bytes of `pg_database_size`: it keeps the data in memory. */
export const EMBEDDED_LIMIT = 256 * 1024 * 1024

/** Roughly, of a backup without a manifest, in which the server's report would be. */
export function likelyDatabaseBytes(backupBytes: number, format: BackupWay['format']): number {
  return format === 'plain' ? backupBytes : backupBytes / USUAL_COMPRESSION
}

/** The size of tables, in bytes, from which a parallel dump is suggested: it takes minutes. */
const PARALLEL_FROM = 2 * 1024 ** 3

export function isParallelOffered(scope: { readonly tableBytes: number }, format: BackupWay['format']): boolean {
  return format === 'custom' && scope.tableBytes >= PARALLEL_FROM
}

/**
 * Whether a test restore is short enough to be done automatically, on the database's server or else in an embedded one.
 */
export function isRestoredUnasked(scope: { readonly databaseBytes: number }, isEmbedded: boolean): boolean {
  const seconds = restoreSeconds(scope, isEmbedded ? 'embedded' : 'server')
  return seconds <= 60 && !(isEmbedded && scope.databaseBytes > EMBEDDED_LIMIT)
}

/** Free bytes at the folder's location, even before it exists; null if the system does not report it. */
export function freeBytes(folder: string): number | null {
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    try {
      const { bavail, blocks, bsize } = fs.statfsSync(place)
      // Some network file systems, and those of the kernel, report no size at all.
      return blocks === 0 ? null : bavail * bsize
    } catch {
      if (path.dirname(place) === place) return null
    }
  }
}
