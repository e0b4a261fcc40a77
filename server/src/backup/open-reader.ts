import fs from 'node:fs'
import { requireRegularFile } from '../files/bounded-files'
import type { BackupFormat, BackupReader } from './backup-way'
import type { Environment } from './environment'
import { PLAIN_READER } from './built-in/built-in-way'
import { backupMissing, noPgRestore } from './errors'
import { EXPORT_READER } from './export/export-reader'
import { choosePgDump } from './native/choose-pg-dump'
import { findPgDumps } from './native/find-pg-dumps'
import { nativeReader } from './native/native-way'

/**
 * What reads a backup, by what the file begins with, whatever its name.
 *
 * @param options.serverMajor of the server that it is restored into; 0 to read it only
 * @throws AuditError `backup-missing`, `pg-restore-missing`
 */
export async function openReader(
  file: string,
  options: {
    readonly serverMajor: number
    readonly pgDumpPath?: string | null
    readonly environment: Environment
    readonly signal?: AbortSignal | undefined
    readonly programFolders?: readonly string[] | undefined
  },
): Promise<BackupReader> {
  const { serverMajor, environment, signal } = options
  const format = formatOf(file)
  if (format !== 'custom') return format === 'plain' ? PLAIN_READER : EXPORT_READER
  const found = await findPgDumps({
    ...{ pgDumpPath: options.pgDumpPath ?? null, environment, signal, folders: options.programFolders },
  })
  const { chosen, rejected } = choosePgDump(found, serverMajor)
  if (chosen === null) throw noPgRestore({ serverMajor, rejected, lookedIn: found.lookedIn })
  return nativeReader(chosen)
}

/** The first bytes of an archive in pg_dump's custom format. */
const ARCHIVE_MARK = 'PGDMP'
const GZIP_MARK = 0x1f8b

/** Throws `backup-missing` where there is no such file, and `file-refused` where it is no regular one. */
export function formatOf(file: string): BackupFormat {
  requireRegularFile(file)
  try {
    const descriptor = fs.openSync(file, 'r')
    try {
      const start = Buffer.alloc(ARCHIVE_MARK.length)
      fs.readSync(descriptor, start)
      if (start.readUInt16BE(0) === GZIP_MARK) return 'export'
      return start.toString('latin1') === ARCHIVE_MARK ? 'custom' : 'plain'
    } finally {
      fs.closeSync(descriptor)
    }
  } catch (error) {
    throw backupMissing(file, error)
  }
}
