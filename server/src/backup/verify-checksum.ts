import fs from 'node:fs'
import { hashFile, readChecksum } from './backup-file'
import { backupChanged, manifestInvalid } from './manifest/errors'
import { manifestPath, readManifest } from './manifest/manifest-file'
import { formatOf } from './open-reader'

/**
 * Holds the file against the SHA-256 of its manifest and of the file beside it; both must be right where both are there. And what
 * the manifest says of the file besides must be so.
 */
export async function verifyChecksum(file: string): Promise<ChecksumState> {
  const manifest = readManifest(file)
  const expected = [manifest?.sha256 ?? null, readChecksum(file)].filter((sum) => sum !== null)
  if (expected.length === 0) return 'absent'
  const actual = await hashFile(file)
  if (expected.some((sum) => sum !== actual)) throw backupChanged(file, { expected, actual })
  if (manifest !== null) {
    const { size } = fs.statSync(file)
    if (manifest.bytes !== size)
      throw manifestInvalid(manifestPath(file), `it says ${manifest.bytes} bytes, but the backup has ${size}`)
    if (manifest.encryptedTo.length === 0 && manifest.format !== formatOf(file))
      throw manifestInvalid(
        manifestPath(file),
        `it says that the format is ${manifest.format}, but the file starts like one of the format ${formatOf(file)}`,
      )
  }
  return 'verified'
}

export type ChecksumState = 'verified' | 'absent'
