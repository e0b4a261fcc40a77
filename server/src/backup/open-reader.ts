import { phrase } from '../text/phrase'
import fs from 'node:fs'
import path from 'node:path'
import { requireRegularFile } from '../files/bounded-files'
import { FOLDER_ENDING, isFolder, listFolder } from './backup-folder'
import type { BackupFormat, BackupReader } from './backup-way'
import { PLAIN_READER } from './built-in/built-in-way'
import { archiveUnreadable, backupIsLink, backupMissing } from './errors'
import { noPgRestore } from './native/errors'
import { backupUnknownFormat, foreignFile } from './foreign-files'
import { AGE_MARK } from './encryption/age'
import { encryptedReader } from './encryption/encrypted-reader'
import { EXPORT_READER } from './export/export-reader'
import { choosePgDump } from './native/choose-pg-dump'
import { findContainer } from './native/find-container'
import { findPgDumps } from './native/find-pg-dumps'
import { nativeReader } from './native/native-way'
import type { EnvironmentVariables } from '../platform/environment-variables'

/**
 * Chooses the reader of a backup by the first bytes of the file, regardless of its name.
 *
 * @param options.serverMajor of the server that it is restored into; 0 only to read it
 * @throws AuditError those of `formatOf`; `pg-restore-missing`
 */
export async function openReader(
  file: string,
  options: {
    readonly serverMajor: number
    readonly pgDumpPath?: string | null
    readonly environment: EnvironmentVariables
    readonly signal?: AbortSignal | undefined
    readonly programFolders?: readonly string[] | undefined
  },
): Promise<BackupReader> {
  const { environment, signal } = options
  const format = formatOf(file)
  if (format === 'encrypted') return encryptedReader(environment, (plain) => openReader(plain, options))
  if (format === 'plain') return PLAIN_READER
  if (format === 'export') return EXPORT_READER
  const found = await findPgDumps({
    ...{ pgDumpPath: options.pgDumpPath ?? null, environment, signal, folders: options.programFolders },
  })
  const neededMajor = Math.max(options.serverMajor, majorForArchive(startOf(file, format)))
  const { chosen, rejected } = choosePgDump(found, neededMajor)
  if (chosen !== null) return nativeReader(chosen, format)
  const { present } = await findContainer(neededMajor, { environment, signal })
  if (present === null) throw noPgRestore({ neededMajor, rejected, lookedIn: found.lookedIn })
  return nativeReader(present, format)
}

/**
 * Detects the format of a file by its first bytes. Throws `backup-missing`, `file-refused` if it is a link or not a
 * regular file, `backup-unreadable` if it is empty or a folder that contains anything pg_dump does not write, and
 * otherwise `backup-unknown-format`.
 */
export function formatOf(file: string): BackupFormat | 'encrypted' {
  requireBackupFile(file)
  if (isFolder(file)) {
    listFolder(file)
    if (startOf(file, 'directory').toString('latin1').startsWith(ARCHIVE_MARK)) return 'directory'
    throw archiveUnreadable(file, phrase`Its toc.dat does not start like a table of contents.`)
  }
  const start = startOf(file)
  if (start.length === 0) throw archiveUnreadable(file, phrase`It is empty.`)
  if (start.length >= 2 && start.readUInt16BE(0) === GZIP_MARK) return 'export'
  const text = start.toString('latin1')
  if (text.startsWith(ARCHIVE_MARK)) return 'custom'
  if (text.startsWith(AGE_MARK)) return 'encrypted'
  if (/^(?:--\n)?-- PostgreSQL database dump$/m.test(text.slice(0, 200))) return 'plain'
  throw backupUnknownFormat(file, foreignFile(text))
}

/**
 * Throws `backup-missing` if there is no such file, and `file-refused` if it is a link, a device, or a folder that is
 * not a backup.
 */
export function requireBackupFile(file: string): void {
  const stats = fs.lstatSync(file, { throwIfNoEntry: false })
  if (stats === undefined) throw backupMissing(file, new Error('there is no such file'))
  if (stats.isSymbolicLink()) throw backupIsLink(file, fs.readlinkSync(file))
  const isArchive = file.endsWith(FOLDER_ENDING) || fs.existsSync(path.join(file, 'toc.dat'))
  if (!stats.isDirectory() || !isArchive) requireRegularFile(file)
}

function startOf(file: string, format: BackupFormat = 'custom'): Buffer {
  try {
    const descriptor = fs.openSync(format === 'directory' ? path.join(file, 'toc.dat') : file, 'r')
    try {
      const start = Buffer.alloc(512)
      return start.subarray(0, fs.readSync(descriptor, start))
    } finally {
      fs.closeSync(descriptor)
    }
  } catch (error) {
    throw backupMissing(file, error)
  }
}

/**
 * The first bytes of an archive in pg_dump's custom format, or of a folder's table of contents. The format version
 * follows.
 */
const ARCHIVE_MARK = 'PGDMP'
const GZIP_MARK = 0x1f8b

/**
 * The oldest pg_restore that can read the archive: PostgreSQL 16 introduced 1.15, and 17 introduced 1.16. Unknown for
 * later ones: 0.
 */
function majorForArchive(start: Buffer): number {
  const [major, minor = 0] = start.subarray(ARCHIVE_MARK.length)
  return major === 1 ? ({ 15: 16, 16: 17 }[minor] ?? 0) : 0
}
