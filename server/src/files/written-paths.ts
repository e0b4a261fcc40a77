import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { AuditError, partsOf } from '../errors'
import { isInside } from '../platform/inside'
import { makeFolders, removeFile, renameOver } from '../platform/lasting-files'
import { isOver, thisProcess } from './temporary-folders'
import { eitherOf, phrase, type Phrase } from '../text/phrase'

/** A project's files are written only in these folders. Absolute. */
export type WritableFolders = readonly string[]

/**
 * The only way to a path that is written, created or deleted: its real location, after resolving all symbolic links,
 * even if it does not exist yet. Links and settings of a repository, and names from a database, must not lead our
 * writes elsewhere. Write to the returned path. Throws `path-outside-project` if it is in none of the folders, or a
 * link on the way is broken.
 */
export function resolveWritable(target: string, folders: WritableFolders): string {
  const real = realPathOf(target)
  if (real === null) throw outsideProject(target, phrase`A symbolic link in its path is broken or circular.`)
  const isAllowed = folders.some((folder) => isBelow(realPathOf(folder), real))
  if (!isAllowed)
    throw outsideProject(target, phrase`It resolves to ${real}, which is not inside ${eitherOf(folders)}.`)
  return real
}

/** Whether a link leads it out of the folders. For offers that are only made if the file could be written. */
export function isWritable(target: string, folders: WritableFolders): boolean {
  const real = realPathOf(target)
  return real !== null && folders.some((folder) => isBelow(realPathOf(folder), real))
}

/**
 * Where the project may write: its root, the opened folder, and the rest of its Git repository, where a monorepo may
 * have its migrations. Never the user's complete home folder, even if that was opened.
 */
export function writableFolders(root: string, opened: string): WritableFolders {
  const wide = [opened, repositoryAround(root)].filter((folder) => folder !== null && !holdsHome(folder))
  return [...new Set([root, ...wide.filter((folder) => folder !== null)])]
}

/**
 * Throws `file-not-writable` if `replaceFile` could not write the file: for a check before the database is changed. A
 * file that is read-only stays as it is, although it could be replaced.
 */
export function requireReplaceable(file: string): void {
  try {
    fs.accessSync(file, fs.constants.W_OK)
    const temporary = temporaryFor(file)
    fs.copyFileSync(file, temporary, fs.constants.COPYFILE_EXCL)
    removeFile(temporary)
  } catch (error) {
    throw toWriteError(file, error)
  }
}

/**
 * Writes a file atomically, with its existing permissions; `file` is a path from `resolveWritable`. Anything that
 * already has the temporary name, such as a link, is never written through. What a process that was killed in here left
 * behind goes first. Throws `file-not-writable`.
 */
export function replaceFile(file: string, text: string): void {
  try {
    writeOver(file, temporaryFor(file), text)
  } catch (error) {
    throw toWriteError(file, error)
  }
}

function writeOver(file: string, temporary: string, text: string): void {
  const [folder, name] = [path.dirname(file), path.basename(file)]
  for (const other of fs.readdirSync(folder)) {
    const owner = TEMPORARY_NAME.exec(other)?.[1]
    if (owner !== undefined && other === temporaryName(name, owner) && isOver(owner))
      removeFile(path.join(folder, other))
  }
  try {
    fs.writeFileSync(temporary, text, { flag: 'wx', mode: fs.statSync(file).mode, flush: true })
    renameOver(temporary, file)
  } catch (error) {
    removeFile(temporary)
    throw error
  }
}

/** The path of the temporary file, at which nothing is any more. */
function temporaryFor(file: string): string {
  const temporary = path.join(path.dirname(file), temporaryName(path.basename(file), thisProcess()))
  removeFile(temporary)
  return temporary
}

function temporaryName(name: string, owner: string): string {
  return `.${name}.${owner}.prisma-audit-new`
}

const TEMPORARY_NAME = /\.(\d+-\d+)\.prisma-audit-new$/

/**
 * Creates a new file and its parent folders; fails with `EEXIST` if it exists. `file` is a path from `resolveWritable`.
 * Throws `file-not-writable`.
 */
export function createFile(file: string, text: string): void {
  try {
    makeFolders(path.dirname(file))
    fs.writeFileSync(file, text, { flag: 'wx', flush: true })
  } catch (error) {
    throw isFileError(error) && error.code === 'EEXIST' ? error : toWriteError(file, error)
  }
}

/** Deletes a file, if it exists; `file` is a path from `resolveWritable`. */
export function deleteFile(file: string): void {
  removeFile(file)
}

/** Null for a dangling link: opening it for writing would create its target. */
function realPathOf(target: string): string | null {
  const missing: string[] = []
  for (let existing = path.resolve(target); ; existing = path.dirname(existing)) {
    try {
      if (isThere(existing)) return path.join(fs.realpathSync.native(existing), ...missing)
    } catch {
      return null
    }
    if (path.dirname(existing) === existing) return null
    missing.unshift(path.basename(existing))
  }
}

/** A link counts, wherever it leads. */
function isThere(file: string): boolean {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return false
    throw error
  }
}

function isBelow(folder: string | null, file: string): boolean {
  return folder !== null && isInside(folder, file)
}

function repositoryAround(folder: string): string | null {
  for (let around = folder; path.dirname(around) !== around; around = path.dirname(around)) {
    if (fs.existsSync(path.join(around, '.git'))) return around
  }
  return null
}

function holdsHome(folder: string): boolean {
  return path.dirname(folder) === folder || isBelow(realPathOf(folder), realPathOf(os.homedir()) ?? os.homedir())
}

function outsideProject(target: string, why: Phrase): AuditError {
  return new AuditError('path-outside-project', {
    what: phrase`Cannot write ${target}: it is outside the project.`,
    why,
    nextStep: phrase`Replace the link or the path with one inside the project, or run the command from the folder that holds both (--cwd).`,
  })
}

function toWriteError(file: string, error: unknown): unknown {
  if (!isFileError(error)) return error
  return new AuditError(
    'file-not-writable',
    {
      what: phrase`Cannot write ${file}.`,
      why: partsOf(error),
      nextStep: phrase`Make the file and its folder writable or free disk space, then run the command again.`,
    },
    { cause: error },
  )
}

/** An error of the file system. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}
