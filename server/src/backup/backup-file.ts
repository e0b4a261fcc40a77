import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { flushFile, flushFolder, makeFolders, remove, removeFile, renameOver } from '../platform/lasting-files'
import { readBoundedText } from '../files/bounded-files'
import { makeTemporaryFolder, noteUnfinishedFile } from '../files/temporary-folders'
import { isFolder, listFolder, sumOfSums, sumsOfFolder, type FolderSums } from './backup-folder'
import type { BackupWay } from './backup-way'
import { backupFolderNotWritable } from './errors'
import { checksumUnreadable } from './manifest/errors'

/**
 * A reserved name for a file or a folder: the backup is written under its partial name and published when it is proven.
 */
export interface ClaimedFile {
  /** `NAME.partial`; exists, is empty and only this user can access it. */
  readonly partialPath: string
  /** Flushes the file to disk, writes `NAME.sha256` and renames the file. Never overwrites anything. */
  publish(): Promise<{ path: string; bytes: number; sha256: string }>
  /** Deletes what was not published. Always call it at the end. */
  discard(): void
}

/**
 * Claims `<database>-<UTC time>.<extension>` in the folder, or the same with `-2`, `-3` … if it is taken. A new folder
 * gets a `.gitignore`, because backups contain data that must not be committed.
 *
 * @throws AuditError `backup-folder-not-writable`
 */
export function claimFile(
  directory: string,
  database: string,
  now: Date,
  extension: BackupWay['extension'] | `${Exclude<BackupWay['extension'], 'dir'>}.age`,
): ClaimedFile {
  const note = makeTemporaryFolder('partial')
  try {
    makeFolder(directory)
    for (let turn = 1; ; turn++) {
      const target = path.join(directory, fileName(database, now, turn, extension))
      const partialPath = `${target}.partial`
      if (fs.existsSync(target) || !create(partialPath, extension === 'dir')) continue
      noteUnfinishedFile(note, partialPath)
      return {
        partialPath,
        publish: () => publish(partialPath, target),
        discard: () => {
          remove(partialPath)
          removeFile(checksumPath(partialPath))
          remove(note)
        },
      }
    }
  } catch (error) {
    remove(note)
    throw backupFolderNotWritable(directory, error)
  }
}

/** Deletes a published backup with its checksum: without its manifest, nothing proves what it is. */
export function retract(target: string): void {
  remove(target)
  remove(checksumPath(target))
}

/** Size and checksums of a backup. */
export interface BackupSum {
  /** Hex, computed in chunks; for a folder, see `sumOfSums`. */
  readonly sha256: string
  /** Of each file of a folder; null for a file. */
  readonly files: FolderSums | null
}

/** Throws `backup-unreadable` for a folder that contains anything pg_dump does not write. */
export async function hashBackup(backup: string): Promise<BackupSum> {
  if (isFolder(backup)) {
    const files = await sumsOfFolder(backup)
    return { sha256: sumOfSums(files), files }
  }
  const hash = createHash('sha256')
  await pipeline(fs.createReadStream(backup), hash)
  return { sha256: hash.digest('hex'), files: null }
}

/** The total of its files if it is a folder. Throws like `hashBackup`. */
export function sizeOfBackup(backup: string): number {
  if (!isFolder(backup)) return fs.lstatSync(backup).size
  return listFolder(backup).reduce((sum, { bytes }) => sum + bytes, 0)
}

/**
 * The SHA-256 next to a backup, alone or in the format of sha256sum; null if there is no such file. Throws
 * `checksum-unreadable` if the file contains anything else or is a link, because that proves nothing, and
 * `file-refused` if it is not a regular file.
 */
export function readChecksum(backup: string): BackupSum | null {
  const beside = checksumPath(backup)
  if (isLink(beside)) throw checksumUnreadable(beside)
  const ofFolder = isFolder(backup)
  const text = readBoundedText(beside, ofFolder ? LONGEST_CHECKSUMS : LONGEST_CHECKSUM)
  if (text === null) return null
  if (ofFolder) {
    const files = parseSums(text)
    if (files === null) throw checksumUnreadable(beside)
    return { sha256: sumOfSums(files), files }
  }
  const [, sha256] = /^([0-9a-f]{64})(?: [ *]|\s*$)/.exec(text) ?? []
  if (sha256 === undefined) throw checksumUnreadable(beside)
  return { sha256, files: null }
}

/** As written by `sha256sum NAME.dir/*`; null for anything else. */
function parseSums(text: string): FolderSums | null {
  const lines = text.split('\n').filter((line) => line !== '')
  const parsed = lines.map((line) => /^([0-9a-f]{64}) [ *].*\/([^/]+)$/.exec(line))
  if (lines.length === 0) return null
  const sums = new Map(parsed.map((match) => [match?.[2] ?? '', match?.[1] ?? '']))
  return sums.has('') || sums.size !== lines.length ? null : sums
}

export function isLink(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}

/** Bytes, including the file's name. */
const LONGEST_CHECKSUM = 8000
/** For the files of a folder: some hundred thousand. */
const LONGEST_CHECKSUMS = 64_000_000

async function publish(partialPath: string, target: string): Promise<{ path: string; bytes: number; sha256: string }> {
  try {
    const { sha256, files } = await hashBackup(partialPath)
    const bytes = sizeOfBackup(partialPath)
    if (files === null) flushFile(partialPath)
    else flushFiles(partialPath, files)
    const name = path.basename(target)
    const checksum =
      files === null ? `${sha256}  ${name}\n` : Array.from(files, ([file, sum]) => `${sum}  ${name}/${file}\n`).join('')
    // Removed first, so that nothing is written through a link.
    removeFile(checksumPath(partialPath))
    fs.writeFileSync(checksumPath(partialPath), checksum, { flag: 'wx', mode: 0o600, flush: true })
    moveWithoutOverwriting(partialPath, target)
    // The name is ours only from here on, and with it that of the checksum.
    renameOver(checksumPath(partialPath), checksumPath(target))
    flushFolder(path.dirname(target))
    return { path: target, bytes, sha256 }
  } catch (error) {
    throw backupFolderNotWritable(path.dirname(target), error)
  }
}

/** pg_dump creates them with the user's umask. The folder is private, but a copy of the files may not be. */
function flushFiles(folder: string, files: FolderSums): void {
  for (const name of files.keys()) {
    const file = path.join(folder, name)
    fs.chmodSync(file, 0o600)
    flushFile(file)
  }
  flushFolder(folder)
}

function checksumPath(file: string): string {
  return `${file}.sha256`
}

/**
 * `rename` would replace an existing file, while `link` fails; for folders and for file systems without links there is
 * only the check before.
 */
function moveWithoutOverwriting(from: string, to: string): void {
  try {
    fs.linkSync(from, to)
    removeFile(from)
  } catch (error) {
    if (isCode(error, 'EEXIST') || fs.existsSync(to)) throw error
    renameOver(from, to)
  }
}

function makeFolder(directory: string): void {
  if (fs.existsSync(directory)) return
  makeFolders(directory, 0o700)
  fs.writeFileSync(path.join(directory, '.gitignore'), '*\n', { flag: 'wx', mode: 0o600 })
}

function create(target: string, asFolder: boolean): boolean {
  try {
    if (asFolder) fs.mkdirSync(target, { mode: 0o700 })
    else fs.closeSync(fs.openSync(target, 'wx', 0o600))
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/** `app-20260131T235959Z.dump`; with only those characters of the database's name that every file system allows. */
function fileName(database: string, now: Date, turn: number, extension: string): string {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const name = database.replace(/[^\p{Letter}\p{Number}._-]/gu, '_').replace(/^\.+/, '_')
  return `${name}-${time}${turn === 1 ? '' : `-${String(turn)}`}.${extension}`
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
