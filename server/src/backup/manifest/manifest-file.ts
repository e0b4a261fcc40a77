import { phrase, type Phrase } from '../../text/phrase'
import fs from 'node:fs'
import path from 'node:path'
import { removeFile, renameOver } from '../../platform/lasting-files'
import { readBoundedText } from '../../files/bounded-files'
import { isLink } from '../backup-file'
import { backupFolderNotWritable } from '../errors'
import { manifestInvalid } from './errors'
import { levelOf, parseManifest, type BackupManifest } from './manifest'

/**
 * The manifest next to a backup; null if there is none. Throws `manifest-invalid` if it is damaged or belongs to
 * another file, because it then proves nothing.
 */
export function readManifest(backup: string): BackupManifest | null {
  const file = manifestPath(backup)
  if (isLink(file)) throw manifestInvalid(file, phrase`it is a symbolic link`)
  const text = readBoundedText(file, LARGEST)
  if (text === null) return null
  const { manifest, problem } = parseManifest(text)
  if (manifest === null) throw manifestInvalid(file, problem)
  const contradiction = contradictionOf(manifest, path.basename(backup))
  if (contradiction !== null) throw manifestInvalid(file, contradiction)
  return manifest
}

/** The contradiction in a manifest that was edited or copied next to another file; null: none. */
function contradictionOf({ file, level, proofs }: BackupManifest, backup: string): Phrase | null {
  if (file !== backup) return phrase`it belongs to another file, ${file}`
  const shown = levelOf(proofs)
  if (level !== shown) return phrase`its level is ${level}, but its proofs show ${shown}`
  return null
}

/** Writes it atomically, readable only by this user; an existing link is replaced, not followed. */
export function writeManifest(backup: string, manifest: BackupManifest): void {
  const file = manifestPath(backup)
  const temporary = `${file}.partial`
  try {
    removeFile(temporary)
    writePieces(temporary, piecesOf(manifest))
    renameOver(temporary, file)
  } catch (error) {
    removeFile(temporary)
    throw backupFolderNotWritable(path.dirname(file), error)
  }
}

function writePieces(file: string, pieces: Iterable<string>): void {
  const descriptor = fs.openSync(file, 'wx', 0o600)
  try {
    for (const piece of pieces) fs.writeFileSync(descriptor, piece)
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** JSON with a line for each object, in pieces: a database may have hundreds of thousands. */
function* piecesOf({ contents, ...head }: BackupManifest): Generator<string> {
  yield `${JSON.stringify(head, null, 1).slice(0, -2)},\n "contents": `
  if (contents === null) yield 'null'
  else {
    const { tables, sequences, objects, ...rest } = contents
    yield JSON.stringify(rest).slice(0, -1)
    for (const [name, list] of Object.entries({ tables, sequences, objects })) {
      yield `,\n  ${JSON.stringify(name)}: [`
      for (let start = 0; start < list.length; start += ITEMS_PER_PIECE) {
        const items = list.slice(start, start + ITEMS_PER_PIECE).map((item) => JSON.stringify(item))
        yield `${start === 0 ? '' : ','}\n   ${items.join(',\n   ')}`
      }
      yield ']'
    }
    yield '}'
  }
  yield '\n}\n'
}

const ITEMS_PER_PIECE = 500

export function manifestPath(backup: string): string {
  return `${backup}.json`
}

/** Bytes. Ten thousand tables with their objects need a tenth of that. */
const LARGEST = 64_000_000
