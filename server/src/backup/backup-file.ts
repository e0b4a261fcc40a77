import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { flushFile, flushFolder, renameOver } from '../platform/lasting-files'
import { readBoundedText } from '../files/bounded-files'
import { makeTemporaryFolder, noteUnfinishedFile } from '../files/temporary-folders'
import type { BackupWay } from './backup-way'
import { backupFolderNotWritable } from './errors'
import { checksumUnreadable } from './manifest/errors'

/** A name that is ours, under which a backup is written and from which it is published when it is proven. */
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
  extension: BackupWay['extension'] | `${BackupWay['extension']}.age`,
): ClaimedFile {
  const note = makeTemporaryFolder('partial')
  try {
    makeFolder(directory)
    for (let turn = 1; ; turn++) {
      const target = path.join(directory, fileName(database, now, turn, extension))
      const partialPath = `${target}.partial`
      if (fs.existsSync(target) || !create(partialPath)) continue
      noteUnfinishedFile(note, partialPath)
      return {
        partialPath,
        publish: () => publish(partialPath, target),
        discard: () => {
          fs.rmSync(partialPath, { force: true })
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

/** SHA-256 in hex, read in pieces. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(fs.createReadStream(file), hash)
  return hash.digest('hex')
}

/**
 * The SHA-256 that stands beside a backup, alone or in the format of sha256sum; null where there is no such file. Throws
 * `checksum-unreadable` where the file holds anything else or is a link, since that proves nothing, and `file-refused`
 * where it is no regular file.
 */
export function readChecksum(file: string): string | null {
  const beside = checksumPath(file)
  if (isLink(beside)) throw checksumUnreadable(beside)
  const text = readBoundedText(beside, LONGEST_CHECKSUM)
  if (text === null) return null
  const [, sum] = /^([0-9a-f]{64})(?: [ *]|\s*$)/.exec(text) ?? []
  if (sum === undefined) throw checksumUnreadable(beside)
  return sum
}

export function isLink(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}

/** Bytes, the file's name included. */
const LONGEST_CHECKSUM = 8000

async function publish(partialPath: string, target: string): Promise<{ path: string; bytes: number; sha256: string }> {
  try {
    const sha256 = await hashFile(partialPath)
    const { size: bytes } = fs.statSync(partialPath)
    flushFile(partialPath)
    const checksum = `${sha256}  ${path.basename(target)}\n`
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

function checksumPath(file: string): string {
  return `${file}.sha256`
}

/** `rename` would replace a file of that name, `link` refuses; file systems without links get the check beforehand only. */
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

function create(file: string): boolean {
  try {
    fs.closeSync(fs.openSync(file, 'wx', 0o600))
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
