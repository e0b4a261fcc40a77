import fs from 'node:fs'
import path from 'node:path'
import { AuditError } from '../../errors'
import { isFolder, listFolder } from '../backup-folder'
import { backupFolderNotWritable } from '../errors'
import { backupNotOurs } from '../manifest/errors'
import { manifestPath, readManifest } from '../manifest/manifest-file'
import { verifyChecksum } from '../verify-checksum'

/** A backup whose file, manifest and checksum match. */
export interface ProvenBackup {
  readonly path: string
  readonly bytes: number
  /** Identifies the file that was read. */
  readonly identity: string
}

/**
 * Reads the whole file, because only that proves that it is the one in the manifest. Throws `backup-not-ours` if
 * anything contradicts that.
 */
export async function proveOurs(file: string): Promise<ProvenBackup> {
  const before = identify(file)
  const manifest = readManifest(file)
  if (manifest === null) throw backupNotOurs(file, 'It has no manifest.')
  try {
    await verifyChecksum(file)
  } catch (error) {
    throw error instanceof AuditError ? backupNotOurs(file, `${error.message} ${error.why}`) : error
  }
  if (identify(file) !== before) throw backupNotOurs(file, 'It is being changed.')
  return { path: file, bytes: manifest.bytes, identity: before }
}

/**
 * Deletes the backup and the files next to it, the manifest last; in a folder only the files that were read. Throws
 * `backup-not-ours` if it has changed since.
 */
export function removeBackup({ path: file, identity }: ProvenBackup): void {
  if (identify(file) !== identity) throw backupNotOurs(file, 'It was changed in the meantime.')
  try {
    if (isFolder(file)) {
      for (const { name } of listFolder(file)) fs.rmSync(path.join(file, name))
      fs.rmdirSync(file)
    }
    for (const each of [file, `${file}.sha256`, manifestPath(file)]) fs.rmSync(each, { force: true })
  } catch (error) {
    throw backupFolderNotWritable(path.dirname(file), error)
  }
}

function identify(backup: string): string {
  try {
    const files = isFolder(backup) ? listFolder(backup).map(({ name }) => path.join(backup, name)) : []
    return [backup, ...files].map(identifyFile).join()
  } catch (error) {
    throw backupNotOurs(backup, error instanceof AuditError ? error.why : 'It no longer exists.')
  }
}

function identifyFile(file: string): string {
  const { dev, ino, size, mtimeNs } = fs.lstatSync(file, { bigint: true })
  return [dev, ino, size, mtimeNs].join(' ')
}
