import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { AuditError, messageLine } from '../errors'
import { remove } from '../platform/lasting-files'
import { phrase } from '../text/phrase'

/**
 * Creates a folder that only this user can read. Its name contains the process, so that folders of killed processes can
 * be recognized; these are deleted first.
 *
 * @throws AuditError `temporary-folder-not-writable`
 */
export function makeTemporaryFolder(purpose: 'pass' | 'structure' | 'rows' | 'partial' | 'demo' | 'shown'): string {
  sweepTemporaryFolders()
  const root = os.tmpdir()
  try {
    return fs.mkdtempSync(path.join(root, `prisma-audit-${purpose}-${thisProcess()}-`))
  } catch (error) {
    throw notWritable(root, error)
  }
}

function notWritable(root: string, cause: unknown): AuditError {
  return new AuditError(
    'temporary-folder-not-writable',
    {
      what: phrase`Cannot create a temporary folder in ${root}.`,
      why: messageLine(cause),
      nextStep: phrase`Set TMPDIR (on Windows TEMP) to an existing folder that you can write to.`,
    },
    { cause },
  )
}

/** A file, or a folder of files, to delete with the folder if this process does not. */
export function noteUnfinishedFile(folder: string, file: string): void {
  fs.writeFileSync(path.join(folder, UNFINISHED), path.resolve(file), { mode: 0o600 })
}

/**
 * Deletes what killed processes of this user left behind: folders with our names, including passwords and unfinished
 * backups; and ends a pg_dump that still runs with such a password. Never throws.
 */
export function sweepTemporaryFolders(): void {
  try {
    const root = os.tmpdir()
    for (const name of fs.readdirSync(root)) {
      const [, owner] = OURS.exec(name) ?? []
      if (owner === undefined || !isOver(owner)) continue
      const folder = path.join(root, name)
      if (fs.lstatSync(folder).isDirectory() && isMine(folder)) sweep(folder)
    }
  } catch {
    // Another process may be sweeping too.
  }
}

const OURS = /^prisma-audit-(?:pass|structure|rows|partial|demo|shown)-(\d+-\d+)-[A-Za-z0-9]{6}$/

const UNFINISHED = 'unfinished'

function sweep(folder: string): void {
  endProcessesOf(folder)
  const note = path.join(folder, UNFINISHED)
  if (fs.existsSync(note)) {
    const file = fs.readFileSync(note, 'utf8')
    const stats = fs.lstatSync(file, { throwIfNoEntry: false })
    const isKind = file.endsWith('.dir.partial')
      ? stats?.isDirectory()
      : stats?.isFile() && /\.(?:dump|sql|sql\.gz)(?:\.age)?\.partial$/.test(file)
    if (isKind === true && isMine(file)) remove(file)
  }
  remove(folder)
}

/** Ends the processes that were given a file of the folder, if the system shows their environment. */
function endProcessesOf(folder: string): void {
  if (process.platform !== 'linux') return
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const environment = fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
      if (environment.includes(`PGPASSFILE=${path.join(folder, 'pgpass')}`)) process.kill(Number(pid), 'SIGTERM')
    } catch {
      // It belongs to another user, or has ended.
    }
  }
}

function isMine(file: string): boolean {
  return process.getuid === undefined || fs.lstatSync(file).uid === process.getuid()
}

/** Identifies this process in names: its pid and its container. See `isOver`. */
export function thisProcess(): string {
  return `${processNamespace()}-${String(process.pid)}`
}

/** Whether the process of a `thisProcess` has ended. False in another container, whose processes are not visible. */
export function isOver(owner: string): boolean {
  const [namespace, pid] = owner.split('-')
  return namespace === processNamespace() && !isAlive(Number(pid))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

/** Containers have their own process ids, and may share the folder for temporary files. */
function processNamespace(): string {
  try {
    return /\d+/.exec(fs.readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'
  } catch {
    return '0'
  }
}
