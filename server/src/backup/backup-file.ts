import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { flushFile, flushFolder, remove, renameOver } from '../platform/lasting-files'
import { readBoundedText } from '../files/bounded-files'
import { makeTemporaryFolder, noteUnfinishedFile } from '../files/temporary-folders'
import { isFolder, listFolder, sumOfSums, sumsOfFolder, type FolderSums } from './backup-folder'
import type { BackupWay } from './backup-way'
import { backupFolderNotWritable } from './errors'
import { checksumUnreadable } from './manifest/errors'

/** A name that is ours, under which a backup is written and from which it is published when it is proven; of a folder, too. */
export interface ClaimedFile {
  /** `NAME.partial`; exists, is empty and is for this user's eyes only. */
  readonly partialPath: string
  /** Flushes the file to the disk, writes `NAME.sha256` and gives the file its name. Never overwrites anything. */
  publish(): Promise<{ path: string; bytes: number; sha256: string }>
  /** Deletes what is not published; to be called in the end, whatever happened. */
  discard(): void
}

/**
 * Claims `<database>-<UTC time>.<extension>` in the folder, or the same with `-2`, `-3` … where it is taken. A folder that has to
 * be made gets a `.gitignore`, since a backup is full of data that nobody wants to commit.
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
          fs.rmSync(checksumPath(partialPath), { force: true })
          fs.rmSync(note, { recursive: true, force: true })
        },
      }
    }
  } catch (error) {
    fs.rmSync(note, { recursive: true, force: true })
    throw backupFolderNotWritable(directory, error)
  }
}

/** What the bytes of a backup are. */
export interface BackupSum {
  /** Hex, read in pieces; of a folder as `sumOfSums`. */
  readonly sha256: string
  /** Of each file of a folder; null for a file. */
  readonly files: FolderSums | null
}

/** Throws `backup-unreadable` for a folder with anything in it that pg_dump does not write. */
export async function hashBackup(backup: string): Promise<BackupSum> {
  if (isFolder(backup)) {
    const files = await sumsOfFolder(backup)
    return { sha256: sumOfSums(files), files }
  }
  const hash = createHash('sha256')
  await pipeline(fs.createReadStream(backup), hash)
  return { sha256: hash.digest('hex'), files: null }
}

/** Of its files together, if it is a folder. Throws as `hashBackup`. */
export function sizeOfBackup(backup: string): number {
  if (!isFolder(backup)) return fs.lstatSync(backup).size
  return listFolder(backup).reduce((sum, { bytes }) => sum + bytes, 0)
}

/**
 * The SHA-256 that stands beside a backup, alone or in the format of sha256sum; null where there is no such file. Throws
 * `checksum-unreadable` where the file holds anything else or is a link, since that proves nothing, and `file-refused`
 * where it is no regular file.
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

/** As `sha256sum NAME.dir/*` writes them; null where it is something else. */
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

/** Bytes, the file's name included. */
const LONGEST_CHECKSUM = 8000
/** Of the files of a folder: some hundred thousand. */
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
    // Nothing that stands there is written through, as a link would be.
    fs.rmSync(checksumPath(partialPath), { force: true })
    fs.writeFileSync(checksumPath(partialPath), checksum, { flag: 'wx', mode: 0o600, flush: true })
    moveWithoutOverwriting(partialPath, target)
    // Only now is the name ours, and with it the checksum's.
    renameOver(checksumPath(partialPath), checksumPath(target))
    flushFolder(path.dirname(target))
    return { path: target, bytes, sha256 }
  } catch (error) {
    throw backupFolderNotWritable(path.dirname(target), error)
  }
}

/** pg_dump makes them as the user's mask says; the folder lets nobody else in, but whoever copies them may not keep that. */
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

/** `rename` would replace a file of that name, `link` refuses; folders and file systems without links get the check beforehand only. */
function moveWithoutOverwriting(from: string, to: string): void {
  try {
    fs.linkSync(from, to)
    fs.rmSync(from)
  } catch (error) {
    if (isCode(error, 'EEXIST') || fs.existsSync(to)) throw error
    renameOver(from, to)
  }
}

function makeFolder(directory: string): void {
  if (fs.existsSync(directory)) return
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
  fs.writeFileSync(path.join(directory, '.gitignore'), '*\n', { flag: 'wx' })
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

/** `app-20260131T235959Z.dump`; of the database's name only what every file system takes. */
function fileName(database: string, now: Date, turn: number, extension: string): string {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const name = database.replace(/[^\p{Letter}\p{Number}._-]/gu, '_').replace(/^\.+/, '_')
  return `${name}-${time}${turn === 1 ? '' : `-${String(turn)}`}.${extension}`
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
