import { phrase, type Phrase } from '../text/phrase'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { archiveUnreadable } from './errors'

/** The suffix of backups in pg_dump's directory format. */
export const FOLDER_ENDING = '.dir'

/** A link to one does not count. */
export function isFolder(target: string): boolean {
  return fs.lstatSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/**
 * The files of a backup folder, by name.
 *
 * @throws AuditError `backup-unreadable` if it contains anything pg_dump does not write: a link, a folder, another name
 */
export function listFolder(folder: string): { readonly name: string; readonly bytes: number }[] {
  const names = fs.readdirSync(folder).sort()
  const files = names.map((name) => {
    const stats = fs.lstatSync(path.join(folder, name))
    if (stats.isSymbolicLink()) throw archiveUnreadable(folder, phrase`It contains a symbolic link, ${name}.`)
    if (!stats.isFile() || !OF_PG_DUMP.test(name))
      throw archiveUnreadable(folder, phrase`It contains ${name}, which pg_dump does not write.`)
    return { name, bytes: stats.size }
  })
  if (!names.includes('toc.dat'))
    throw archiveUnreadable(folder, phrase`It contains no toc.dat, its table of contents.`)
  return files
}

const OF_PG_DUMP = /^(?:toc\.dat|blobs(?:_\d+)?\.toc|(?:blob_)?\d+\.dat(?:\.gz|\.lz4|\.zst)?)$/

/** SHA-256 of each file, by name. */
export type FolderSums = ReadonlyMap<string, string>

export async function sumsOfFolder(folder: string): Promise<FolderSums> {
  const sums = new Map<string, string>()
  for (const { name } of listFolder(folder)) {
    const hash = createHash('sha256')
    await pipeline(fs.createReadStream(path.join(folder, name)), hash)
    sums.set(name, hash.digest('hex'))
  }
  return sums
}

/** The SHA-256 of a folder: that of its files' names and sums, as listed by sha256sum in the folder, sorted by name. */
export function sumOfSums(sums: FolderSums): string {
  const lines = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sum]) => `${sum}  ${name}\n`)
  return createHash('sha256').update(lines.join('')).digest('hex')
}

/** The differences; part of a sentence. */
export function changesOfFolder(recorded: FolderSums, actual: FolderSums): Phrase[] {
  const names = [...new Set([...recorded.keys(), ...actual.keys()])].sort()
  return names.flatMap((name) => {
    const [before, now] = [recorded.get(name), actual.get(name)]
    if (before === now) return []
    if (now === undefined) return [phrase`${name} is missing`]
    return [before === undefined ? phrase`${name} is new` : phrase`${name} has changed`]
  })
}
