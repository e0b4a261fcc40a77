import fs from 'node:fs'
import path from 'node:path'
import { AuditError } from '../../errors'
import { phrase, type Phrase } from '../../text/phrase'
import { readChecksum, sizeOfBackup } from '../backup-file'
import { FOLDER_ENDING } from '../backup-folder'
import type { BackupManifest } from './manifest'
import { readManifest } from './manifest-file'

/** A backup in a folder, with the information next to it. */
export interface ListedBackup {
  /** Absolute. */
  readonly path: string
  readonly bytes: number
  /** ISO 8601: from the manifest, otherwise the file's modification time. */
  readonly createdAt: string
  /** Null for backups of versions without manifests, and if it is unusable. */
  readonly manifest: BackupManifest | null
  /** Hex, from the manifest or the sha256sum file; null if neither exists. */
  readonly sha256: string | null
  /**
   * What is wrong with its manifest or its checksum, as far as can be told without reading the backup; null: nothing.
   */
  readonly problem: Phrase | null
}

/** The backups of a folder, the newest first; none if the folder does not exist. Links are not followed. */
export function listBackups(folder: string): ListedBackup[] {
  return entriesOf(folder)
    .filter((entry) =>
      entry.isFile() ? BACKUP.test(entry.name) : entry.isDirectory() && entry.name.endsWith(FOLDER_ENDING),
    )
    .map((entry) => describe(path.join(folder, entry.name)))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.path.localeCompare(a.path))
}

/** The names of backups, including those of earlier versions. */
const BACKUP = /\.(?:dump|sql|sql\.gz)(?:\.age)?$/

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

function describe(file: string): ListedBackup {
  const { mtime } = fs.lstatSync(file)
  let bytes = 0
  const found = { path: file, createdAt: mtime.toISOString(), manifest: null, sha256: null }
  try {
    bytes = sizeOfBackup(file)
    const manifest = readManifest(file)
    if (manifest === null) return { ...found, bytes, sha256: readChecksum(file)?.sha256 ?? null, problem: null }
    const { createdAt, sha256 } = manifest
    const problem =
      manifest.bytes === bytes ? null : phrase`it has ${bytes} bytes, but had ${manifest.bytes} when it was created`
    return { ...found, bytes, createdAt, manifest, sha256, problem }
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    return { ...found, bytes, problem: phrase`${error.parts.what}` }
  }
}
