import fs from 'node:fs'
import path from 'node:path'
import { renameOver } from '../../platform/lasting-files'
import { readBoundedText } from '../../files/bounded-files'
import { isLink } from '../backup-file'
import { backupFolderNotWritable } from '../errors'
import { manifestInvalid } from './errors'
import { levelOf, parseManifest, type BackupManifest } from './manifest'

/**
 * The manifest beside a backup; null where there is none. Throws `manifest-invalid` where it is damaged or belongs to another
 * file, since it proves nothing then.
 */
export function readManifest(backup: string): BackupManifest | null {
  const file = manifestPath(backup)
  if (isLink(file)) throw manifestInvalid(file, 'it is a symbolic link')
  const text = readBoundedText(file, LARGEST)
  if (text === null) return null
  const { manifest, problem } = parseManifest(text)
  if (manifest === null) throw manifestInvalid(file, problem)
  const contradiction = contradictionOf(manifest, path.basename(backup))
  if (contradiction !== null) throw manifestInvalid(file, contradiction)
  return manifest
}

/** What cannot be so, of a manifest that somebody edited or put beside another file; null: nothing. */
function contradictionOf({ file, level, proofs }: BackupManifest, backup: string): string | null {
  if (file !== backup) return `it belongs to another file, ${file}`
  const shown = levelOf(proofs)
  if (level !== shown) return `its level is ${level}, but its proofs show ${shown}`
  return null
}

/** Writes it whole or not at all, for this user's eyes only; a link that stands there is replaced, not followed. */
export function writeManifest(backup: string, manifest: BackupManifest): void {
  const file = manifestPath(backup)
  const temporary = `${file}.partial`
  try {
    fs.rmSync(temporary, { force: true })
    fs.writeFileSync(temporary, `${JSON.stringify(manifest, null, 1)}\n`, { flag: 'wx', mode: 0o600, flush: true })
    renameOver(temporary, file)
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
