import { phrase } from '../../text/phrase'
import fs from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { AuditError, listOf } from '../../errors'
import { isFolder, listFolder } from '../backup-folder'
import { backupFolderNotWritable } from '../errors'
import { backupNotOurs } from '../manifest/errors'
import type { ListedBackup } from '../manifest/list-backups'
import type { BackupManifest } from '../manifest/manifest'
import { manifestPath, readManifest } from '../manifest/manifest-file'
import { verifyChecksum } from '../verify-checksum'
import { removeFile } from '../../platform/lasting-files'

/** A backup whose file, manifest and checksum match. */
export interface ProvenBackup {
  readonly path: string
  readonly bytes: number
  /** Identifies the files that were read, including the manifest. */
  readonly identity: string
}

/**
 * Reads the whole file, because only that proves that it is the one in the manifest. Throws `backup-not-ours` if
 * anything contradicts that, or if the manifest is no longer the listed one: it may have been restored since.
 */
export async function proveOurs({
  path: file,
  manifest: listed,
}: Pick<ListedBackup, 'path' | 'manifest'>): Promise<ProvenBackup> {
  const before = identify(file)
  const manifest = manifestOf(file)
  if (manifest === null) throw backupNotOurs(file, phrase`It has no manifest.`)
  if (!isDeepStrictEqual(manifest, listed)) throw backupNotOurs(file, phrase`It was changed in the meantime.`)
  try {
    await verifyChecksum(file)
  } catch (error) {
    throw error instanceof AuditError ? backupNotOurs(file, [error.parts.what, ...listOf(error.parts.why)]) : error
  }
  if (identify(file) !== before) throw backupNotOurs(file, phrase`It was changed in the meantime.`)
  return { path: file, bytes: manifest.bytes, identity: before }
}

/**
 * Deletes the backup and the files next to it, the manifest last; in a folder only the files that were read. Throws
 * `backup-not-ours` if it has changed since.
 */
export function removeBackup({ path: file, identity }: ProvenBackup): void {
  if (identify(file) !== identity) throw backupNotOurs(file, phrase`It was changed in the meantime.`)
  try {
    if (isFolder(file)) {
      for (const { name } of listFolder(file)) removeFile(path.join(file, name))
      fs.rmdirSync(file)
    }
    for (const each of [file, `${file}.sha256`, manifestPath(file)]) removeFile(each)
  } catch (error) {
    throw backupFolderNotWritable(path.dirname(file), error)
  }
}

function manifestOf(file: string): BackupManifest | null {
  try {
    return readManifest(file)
  } catch (error) {
    throw error instanceof AuditError ? backupNotOurs(file, error.parts.why) : error
  }
}

function identify(backup: string): string {
  try {
    const files = isFolder(backup) ? listFolder(backup).map(({ name }) => path.join(backup, name)) : []
    const beside = [`${backup}.sha256`, manifestPath(backup)].filter((file) => fs.existsSync(file))
    return [backup, ...files, ...beside].map(identifyFile).join()
  } catch (error) {
    throw backupNotOurs(backup, error instanceof AuditError ? error.parts.why : phrase`It no longer exists.`)
  }
}

function identifyFile(file: string): string {
  const { dev, ino, size, mtimeNs } = fs.lstatSync(file, { bigint: true })
  return [dev, ino, size, mtimeNs].join(' ')
}
