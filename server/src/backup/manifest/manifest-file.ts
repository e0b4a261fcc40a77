import fs from 'node:fs'
import path from 'node:path'
import { readBoundedText } from '../../files/bounded-files'
import { backupFolderNotWritable, manifestInvalid } from '../errors'
import { parseManifest, type BackupManifest } from './manifest'

/**
 * The manifest beside a backup; null where there is none. Throws `manifest-invalid` where it is damaged or belongs to another
 * file, since it proves nothing then.
 */
export function readManifest(backup: string): BackupManifest | null {
  const text = readBoundedText(manifestPath(backup), LARGEST)
  if (text === null) return null
  const { manifest, problem } = parseManifest(text)
  if (manifest === null) throw manifestInvalid(manifestPath(backup), problem)
  if (manifest.file !== path.basename(backup)) {
    throw manifestInvalid(manifestPath(backup), `it belongs to another file, ${manifest.file}`)
  }
  return manifest
}

/** Writes it whole or not at all, for this user's eyes only; a link that stands there is replaced, not followed. */
export function writeManifest(backup: string, manifest: BackupManifest): void {
  const file = manifestPath(backup)
  const temporary = `${file}.partial`
  try {
    fs.rmSync(temporary, { force: true })
    fs.writeFileSync(temporary, `${JSON.stringify(manifest, null, 1)}\n`, { flag: 'wx', mode: 0o600, flush: true })
    fs.renameSync(temporary, file)
  } catch (error) {
    fs.rmSync(temporary, { force: true })
    throw backupFolderNotWritable(path.dirname(file), error)
  }
}

export function manifestPath(backup: string): string {
  return `${backup}.json`
}

/** Bytes. Ten thousand tables with their objects have a tenth of that. */
const LARGEST = 64_000_000
