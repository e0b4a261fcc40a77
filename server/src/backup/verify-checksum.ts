import { phrase } from '../text/phrase'
import { changesOfFolder } from './backup-folder'
import { hashBackup, readChecksum, sizeOfBackup } from './backup-file'
import { backupChanged, manifestInvalid } from './manifest/errors'
import { manifestPath, readManifest } from './manifest/manifest-file'
import { formatOf } from './open-reader'

/**
 * Compares the file with the SHA-256 in its manifest and in the file next to it; if there are both, both must match.
 * The manifest's other facts about the file must also be true.
 */
export async function verifyChecksum(file: string): Promise<ChecksumState> {
  const manifest = readManifest(file)
  const beside = readChecksum(file)
  const expected = [manifest?.sha256 ?? null, beside?.sha256 ?? null].filter((sum) => sum !== null)
  if (expected.length === 0) return 'absent'
  const { sha256: actual, files } = await hashBackup(file)
  if (expected.some((sum) => sum !== actual)) {
    const recorded = beside?.files ?? null
    const changes = recorded === null || files === null ? [] : changesOfFolder(recorded, files)
    throw backupChanged(file, { expected, actual, changes })
  }
  if (manifest !== null) {
    const size = sizeOfBackup(file)
    if (manifest.bytes !== size)
      throw manifestInvalid(manifestPath(file), phrase`it says ${manifest.bytes} bytes, but the backup has ${size}`)
    if (manifest.encryptedTo.length === 0 && manifest.format !== formatOf(file))
      throw manifestInvalid(
        manifestPath(file),
        phrase`it says that the format is ${manifest.format}, but the file starts like one of the format ${formatOf(file)}`,
      )
  }
  return 'verified'
}

export type ChecksumState = 'verified' | 'absent'
