import fs from 'node:fs'
import path from 'node:path'
import { AuditError } from '../errors'

/**
 * The one way to read a file that stands in a repository, or that a URL names. Only a regular file is read, behind links
 * too, and only up to a size that its kind may have: a link to an endless device, a pipe that nobody writes into or a
 * file of gigabytes must neither hold the program nor fill the memory. Null where there is no such file.
 *
 * Throws `file-refused`, and `file-unreadable` where the system does not let us read it.
 */
export function readBoundedFile(file: string, limit = limitOf(file)): Buffer | null {
  try {
    // Most files that are asked for are not there. And a device is not even opened: some act on that.
    const stats = fs.statSync(file, { throwIfNoEntry: false })
    if (stats === undefined) return null
    refuseUnfit(file, stats, limit)
    // Nothing waits for the other end of a pipe, should the file have become one since. (Windows has no such flag.)
    const descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
    try {
      refuseUnfit(file, fs.fstatSync(descriptor), limit)
      return readUpTo(file, descriptor, limit)
    } finally {
      fs.closeSync(descriptor)
    }
  } catch (error) {
    if (error instanceof AuditError) throw error
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return null
    throw fileUnreadable(file, error)
  }
}

/** The same as UTF-8. */
export function readBoundedText(file: string, limit?: number): string | null {
  return readBoundedFile(file, limit)?.toString('utf8') ?? null
}

/** For what is read in pieces, or by another program. Throws `file-refused` where it is no regular file. */
export function requireRegularFile(file: string): void {
  const stats = fs.statSync(file, { throwIfNoEntry: false })
  if (stats !== undefined) refuseUnfit(file, stats, Infinity)
}

/** For what is only looked for: a file that cannot be read, or is none of ours, is not there. */
export function readTextIfFit(file: string): string | null {
  try {
    return readBoundedText(file)
  } catch (error) {
    if (error instanceof AuditError) return null
    throw error
  }
}

/**
 * The files below a folder whose names end so, but for dependencies and Git's own; links are not followed. Throws
 * `folder-too-large` where the folder holds more than any project does: then it is not the one that is meant.
 */
export function listFilesBelow(folder: string, ending: string): string[] {
  const found: string[] = []
  let folders = [folder]
  let entries = 0
  for (let depth = 0; folders.length > 0; depth++) {
    const next: string[] = []
    for (const current of folders) {
      for (const entry of entriesOf(current)) {
        if (++entries > MOST_ENTRIES || depth > DEEPEST) throw folderTooLarge(folder)
        const place = path.join(current, entry.name)
        if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git') next.push(place)
        else if (entry.isFile() && entry.name.endsWith(ending)) found.push(place)
      }
    }
    folders = next
  }
  return found
}

const MOST_ENTRIES = 20_000
const DEEPEST = 30

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true })
  } catch {
    // A folder that may not be read holds nothing for us.
    return []
  }
}

function folderTooLarge(folder: string): AuditError {
  return new AuditError('folder-too-large', {
    what: `${folder} contains too many files.`,
    why: `It has more than ${String(MOST_ENTRIES)} files and folders, or more than ${String(DEEPEST)} levels.`,
    nextStep: 'Specify a file or a smaller folder, and run the command again.',
  })
}

/** Bytes that a file may have, by what it is. */
export function limitOf(file: string): number {
  return LIMITS[path.extname(file)] ?? LIMIT
}

const MEGABYTE = 1_000_000
const LIMIT = MEGABYTE

/** A schema of a thousand models has half a megabyte. */
const LIMITS: Readonly<Record<string, number>> = { '.prisma': 4 * MEGABYTE, '.sql': 32 * MEGABYTE }

export function fileUnreadable(file: string, cause: unknown): AuditError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AuditError(
    'file-unreadable',
    { what: `${file} cannot be read.`, why: `${reason}.`, nextStep: 'Make it readable and run the command again.' },
    { cause },
  )
}

function refuseUnfit(file: string, stats: fs.Stats, limit: number): void {
  if (stats.isDirectory()) throw fileRefused(file, 'It is a folder.')
  if (!stats.isFile()) throw fileRefused(file, 'It is not a regular file, but a device, a pipe or a socket.')
  if (stats.size > limit) throw fileRefused(file, tooLarge(limit))
}

/** Whatever the system says of the size: files of `/proc` have none, and some grow while they are read. */
function readUpTo(file: string, descriptor: number, limit: number): Buffer {
  const chunks: Buffer[] = []
  let size = 0
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK)
    const read = fs.readSync(descriptor, chunk, 0, CHUNK, null)
    if (read === 0) return Buffer.concat(chunks, size)
    size += read
    if (size > limit) throw fileRefused(file, tooLarge(limit))
    chunks.push(chunk.subarray(0, read))
  }
}

const CHUNK = 256 * 1024

function tooLarge(limit: number): string {
  return `It has more than ${limit >= MEGABYTE ? `${String(limit / MEGABYTE)} MB` : `${String(limit / 1000)} KB`}.`
}

function fileRefused(file: string, why: string): AuditError {
  return new AuditError('file-refused', {
    what: `Cannot read ${file}.`,
    why,
    nextStep: 'Replace it with the intended file, and run the command again.',
  })
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
