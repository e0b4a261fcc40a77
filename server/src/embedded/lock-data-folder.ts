import fs from 'node:fs'
import path from 'node:path'
import { makeFolders, removeFile } from '../platform/lasting-files'

/**
 * Marks a data folder as in use by this process, because PGlite itself would open it twice and corrupt it. The lock
 * file `NAME.lock` is next to the folder, because PostgreSQL's tools expect no foreign files inside. The lock of a dead
 * process is taken over.
 *
 * @throws Error naming the process that uses the folder
 */
export function lockDataFolder(dataFolder: string): void {
  const file = `${path.resolve(dataFolder)}.lock`
  makeFolders(path.dirname(file))
  const owner = ownerOf(file)
  if (owner !== null && isRunning(owner)) {
    throw new Error(`The folder ${dataFolder} is in use by another embedded server (process ${String(owner)}).`)
  }
  if (owner !== null) removeFile(file)
  // `wx` fails if another process was faster.
  fs.writeFileSync(file, String(process.pid), { flag: 'wx' })
  process.once('exit', () => {
    removeFile(file)
  })
}

function ownerOf(file: string): number | null {
  try {
    return Number(fs.readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

function isRunning(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
