import fs from 'node:fs'
import path from 'node:path'
import { AuditError } from '../../errors'
import { isFolder, listFolder } from '../backup-folder'
import { backupFolderNotWritable } from '../errors'
import { backupNotOurs } from '../manifest/errors'
import { manifestPath, readManifest } from '../manifest/manifest-file'
import { verifyChecksum } from '../verify-checksum'

/** A backup of which file, manifest and checksum agree. */
export interface ProvenBackup {
  readonly path: string
  readonly bytes: number
  /** Which file it was that was read. */
  readonly identity: string
}

/**
 * Reads the whole file, since nothing less shows that it is the one that the manifest is of. Throws `backup-not-ours` where
 * anything says otherwise.
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
 * Deletes the backup and what stands beside it, the manifest last; of a folder each file that was read, and nothing else. Throws
 * `backup-not-ours` where it was changed meanwhile.
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
