import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { makeFolders, removeFile, renameOver } from '../platform/lasting-files'
import { isOnlyTheirs, userFolder } from '../platform/user-folders'

/**
 * Files in the user's cache folder, which only save time: they may be deleted at any moment, and an error while reading
 * or writing them is ignored. `PRISMA_AUDIT_CACHE=off` disables the cache.
 */
export function readCached(name: string): Buffer | null {
  const folder = cacheFolder()
  return folder === null ? null : readOwn(path.join(folder, name))
}

/** Written atomically, readable only by the user. Also deletes files that are older than a month. */
export function writeCached(name: string, content: Buffer): void {
  const folder = cacheFolder()
  if (folder === null) return
  try {
    const file = path.join(folder, name)
    makeFolders(folder, 0o700)
    const temporary = `${file}.${process.pid}`
    fs.writeFileSync(temporary, Buffer.concat([checksum(content), content]), { mode: 0o600 })
    renameOver(temporary, file)
    removeOld(folder)
  } catch {
    // Only affects speed.
  }
}

/** Age in days after which files of earlier versions or other projects are deleted. */
const LONGEST_KEPT = 30

/** The user's cache folder; null if the cache is disabled. */
export function cacheFolder(): string | null {
  return process.env.PRISMA_AUDIT_CACHE === 'off' ? null : userFolder('cache', { environment: process.env })
}

/** A cached file must belong to the user and be complete. */
function readOwn(file: string): Buffer | null {
  try {
    if (!isOnlyTheirs(fs.statSync(file))) return null
    const bytes = fs.readFileSync(file)
    const content = bytes.subarray(CHECKSUM_BYTES)
    return checksum(content).equals(bytes.subarray(0, CHECKSUM_BYTES)) ? content : null
  } catch {
    return null
  }
}

const CHECKSUM_BYTES = 20

function checksum(bytes: Buffer): Buffer {
  return createHash('sha1').update(bytes).digest()
}

/** The number of newest files that remain: each project has one per database. */
const MOST_FILES = 64

function removeOld(folder: string): void {
  const files = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({ file, written: fs.statSync(file).mtimeMs }))
    .sort((left, right) => right.written - left.written)
  const oldest = Date.now() - LONGEST_KEPT * 86_400_000
  for (const [index, { file, written }] of files.entries()) {
    if (index >= MOST_FILES || written < oldest) removeFile(file)
  }
}
