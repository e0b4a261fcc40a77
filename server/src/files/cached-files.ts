import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { renameOver } from '../platform/lasting-files'
import { isOnlyTheirs, userFolder } from '../platform/user-folders'

/**
 * Files in the user's own cache folder, which only ever save time: what is cached there may go at any moment, and nothing
 * fails because it cannot be read or written. `PRISMA_AUDIT_CACHE=off` caches nothing.
 */
export function readCached(name: string): Buffer | null {
  const folder = cacheFolder()
  return folder === null ? null : readOwn(path.join(folder, name))
}

/** Whole or not at all, readable by the user alone. What has not been rewritten for a month is thrown away with it. */
export function writeCached(name: string, content: Buffer): void {
  const folder = cacheFolder()
  if (folder === null) return
  try {
    const file = path.join(folder, name)
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    const temporary = `${file}.${process.pid}`
    fs.writeFileSync(temporary, Buffer.concat([checksum(content), content]), { mode: 0o600 })
    renameOver(temporary, file)
    removeOld(folder)
  } catch {
    // It is only ever a matter of speed.
  }
}

/** Days after which what an earlier version or another project left is thrown away. */
const LONGEST_KEPT = 30

/** The user's own folder for such things; null where nothing is to be cached. */
export function cacheFolder(): string | null {
  return process.env.PRISMA_AUDIT_CACHE === 'off' ? null : userFolder('cache', { environment: process.env })
}

/** What is cached must be the user's own, and whole. */
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

/** Of the newest, so many stay: each project with each of its databases has one. */
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
    if (index >= MOST_FILES || written < oldest) fs.rmSync(file, { force: true })
  }
}
