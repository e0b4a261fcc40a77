import fs from 'node:fs'
import path from 'node:path'

/** Of another system, for tests. */
interface Simulated {
  readonly platform?: NodeJS.Platform
}

/**
 * Renames a file over another. On Windows this may fail while a virus scanner or an indexer has one of them open, so it
 * is retried there for up to a second.
 */
export function renameOver(
  from: string,
  to: string,
  { platform, rename = fs.renameSync }: Simulated & { readonly rename?: (from: string, to: string) => void } = {},
): void {
  whileWindowsHasItOpen(() => rename(from, to), platform)
}

/** Deletes a file, with the same retries; ignores a missing one. Never a folder. */
export function removeFile(
  file: string,
  { platform, rm = fs.rmSync }: Simulated & { readonly rm?: (file: string, options: { force: true }) => void } = {},
): void {
  // `rmSync` itself retries only what it deletes recursively.
  whileWindowsHasItOpen(() => rm(file, { force: true }), platform)
}

function whileWindowsHasItOpen(work: () => void, platform: NodeJS.Platform = process.platform): void {
  for (let attempt = 1; ; attempt++) {
    try {
      work()
      return
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null
      const mayPass = platform === 'win32' && (code === 'EPERM' || code === 'EACCES' || code === 'EBUSY')
      if (!mayPass || attempt === ATTEMPTS) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, attempt * 10)
    }
  }
}

/** Each delay is ten milliseconds longer than the previous one. */
const ATTEMPTS = 14

/**
 * Creates a folder and its missing parents, one by one: Node's recursive `mkdir` never returns in a folder such as
 * `/proc`, which answers as if it did not exist.
 */
export function makeFolders(folder: string, mode?: number): void {
  const parent = path.dirname(folder)
  try {
    makeFolder(folder, mode)
  } catch (error) {
    const lacksParent = error instanceof Error && 'code' in error && error.code === 'ENOENT' && parent !== folder
    if (!lacksParent) throw error
    makeFolders(parent, mode)
    makeFolder(folder, mode)
  }
}

function makeFolder(folder: string, mode: number | undefined): void {
  try {
    fs.mkdirSync(folder, { mode })
  } catch (error) {
    // It was there, or another process was faster.
    if (!isFolder(folder)) throw error
  }
}

function isFolder(file: string): boolean {
  try {
    return fs.statSync(file).isDirectory()
  } catch {
    return false
  }
}

/** Deletes a file or a folder with its contents, with the same retries; ignores a missing one. */
export function remove(target: string): void {
  fs.rmSync(target, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
}

/**
 * Flushes written data, so that it survives a power failure. Windows can only flush a file that is open for writing.
 */
export function flushFile(file: string): void {
  const descriptor = fs.openSync(file, 'r+')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** The same for the names in a folder. Windows cannot open folders, and persists names itself. */
export function flushFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = fs.openSync(folder, 'r')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}
