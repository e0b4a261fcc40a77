import fs from 'node:fs'

/**
 * Renames a file over another. On Windows that fails for moments while a virus scanner or an indexer has one of them open, so there it is
 * tried again for up to a second.
 */
export function renameOver(
  from: string,
  to: string,
  {
    platform = process.platform,
    rename = fs.renameSync,
  }: { readonly platform?: NodeJS.Platform; readonly rename?: (from: string, to: string) => void } = {},
): void {
  for (let attempt = 1; ; attempt++) {
    try {
      rename(from, to)
      return
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null
      const mayPass = platform === 'win32' && (code === 'EPERM' || code === 'EACCES' || code === 'EBUSY')
      if (!mayPass || attempt === ATTEMPTS) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, attempt * 10)
    }
  }
}

/** With ten milliseconds more before each. */
const ATTEMPTS = 14

/** Removes a file or a folder with all that is in it, as patiently; nothing where there is none. */
export function remove(target: string): void {
  fs.rmSync(target, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
}

/** What was written outlives a power failure from now on. Windows flushes only what is open for writing. */
export function flushFile(file: string): void {
  const descriptor = fs.openSync(file, 'r+')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** The same for the names in a folder. Windows cannot open folders, and keeps its names by itself. */
export function flushFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = fs.openSync(folder, 'r')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}
