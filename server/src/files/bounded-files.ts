import fs from 'node:fs'
import path from 'node:path'
import { AuditError } from '../errors'
import { phrase, type Phrase } from '../text/phrase'

/**
 * The only way to read a file of a repository, or one that a URL names. Only a regular file is read, also behind links,
 * and only up to the size limit of its kind: a link to an endless device, a pipe without a writer or a file of
 * gigabytes must neither block the program nor fill the memory. Null if the file does not exist. Throws `file-refused`,
 * and `file-unreadable` if the system does not allow reading.
 */
export function readBoundedFile(file: string, limit = limitOf(file)): Buffer | null {
  try {
    // Most requested files do not exist. A device is not even opened, because opening may have effects.
    const stats = fs.statSync(file, { throwIfNoEntry: false })
    if (stats === undefined) return null
    refuseUnfit(file, stats, limit)
    // Does not block on a pipe, if the file has become one since. (Windows has no such flag.)
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

/** Whether something is there, also if it cannot be read, such as a link to itself; a link to nothing is nothing. */
export function isThere(place: string): boolean {
  try {
    return fs.statSync(place, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    return !isCode(error, 'ENOTDIR')
  }
}

/** For files that are read in pieces, or by another program. Throws `file-refused` if it is not a regular file. */
export function requireRegularFile(file: string): void {
  const stats = fs.statSync(file, { throwIfNoEntry: false })
  if (stats !== undefined) refuseUnfit(file, stats, Infinity)
}

/** For searches: an unreadable or irregular file counts as missing. */
export function readTextIfFit(file: string): string | null {
  try {
    return readBoundedText(file)
  } catch (error) {
    if (error instanceof AuditError) return null
    throw error
  }
}

/**
 * The files below a folder with one of these endings, except dependencies and Git's own; links are not followed. Throws
 * `folder-too-large` if the folder has more files than any project: then it is the wrong one.
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

/**
 * What a folder contains; null if it does not exist. Throws `file-unreadable` if something else has its name, such as a
 * pipe, a file or a link to itself.
 */
export function readFolder(folder: string): fs.Dirent[] | null {
  try {
    return fs.readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    // ENOTDIR also if a file has the name of a folder above.
    if (isCode(error, 'ENOENT') || (isCode(error, 'ENOTDIR') && !fs.existsSync(folder))) return null
    throw fileUnreadable(folder, error)
  }
}

const MOST_ENTRIES = 20_000
const DEEPEST = 30

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true })
  } catch {
    // An unreadable folder counts as empty.
    return []
  }
}

function folderTooLarge(folder: string): AuditError {
  return new AuditError('folder-too-large', {
    what: phrase`${folder} contains too many files.`,
    why: phrase`It has more than ${String(MOST_ENTRIES)} files and folders, or more than ${String(DEEPEST)} levels.`,
    nextStep: phrase`Specify a file or a smaller folder, and run the command again.`,
  })
}

/** Maximum size in bytes, by kind. */
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
    {
      what: phrase`${file} cannot be read.`,
      why: phrase`${reason}.`,
      nextStep: phrase`Make it readable and run the command again.`,
    },
    { cause },
  )
}

function refuseUnfit(file: string, stats: fs.Stats, limit: number): void {
  if (stats.isDirectory()) throw fileRefused(file, phrase`It is a folder.`)
  if (!stats.isFile()) throw fileRefused(file, phrase`It is not a regular file, but a device, a pipe or a socket.`)
  if (stats.size > limit) throw fileRefused(file, tooLarge(limit))
}

/** Regardless of the reported size: files of `/proc` report none, and some grow while they are read. */
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

function tooLarge(limit: number): Phrase {
  const most = limit >= MEGABYTE ? `${String(limit / MEGABYTE)} MB` : `${String(limit / 1000)} KB`
  return phrase`It has more than ${most}.`
}

function fileRefused(file: string, why: Phrase): AuditError {
  return new AuditError('file-refused', {
    what: phrase`Cannot read ${file}.`,
    why,
    nextStep: phrase`Replace it with the intended file, and run the command again.`,
  })
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
