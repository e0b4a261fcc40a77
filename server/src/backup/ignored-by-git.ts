import fs from 'node:fs'
import path from 'node:path'
import { runProgram } from './native/run-program'
import type { EnvironmentVariables } from '../platform/environment-variables'

/** How Git treats the backups of a folder. */
export interface GitExposure {
  /** Files of the folder that are already in the repository. */
  readonly tracked: number
  /** Whether `git add .` would add the backup. */
  readonly isUnignored: boolean
}

/** Null without a repository or Git, or if there is nothing to worry about. Git runs no program of the repository. */
export async function findGitExposure(backup: string, environment: EnvironmentVariables): Promise<GitExposure | null> {
  const folder = path.dirname(backup)
  const git = async (...words: string[]) => {
    const safe = ['-c', 'core.fsmonitor=false', '-C', folder, ...words]
    return await runProgram('git', safe, { environment }).catch(() => null)
  }
  const ignored = await git('check-ignore', '--quiet', '--', path.basename(backup))
  // 0: ignored, 1: not ignored; anything else: no repository.
  if (ignored === null || (ignored.exitCode !== 0 && ignored.exitCode !== 1)) return null
  const listed = await git('ls-files', '-z', '--', '.')
  const tracked = (listed?.output ?? '').split('\0').filter((name) => name !== '' && name !== '.gitignore').length
  const isUnignored = ignored.exitCode === 1
  return isUnignored || tracked > 0 ? { tracked, isUnignored } : null
}

/**
 * Writes a `.gitignore` into the folder that covers everything; false if there is one already, which is not changed.
 */
export function ignoreFolder(folder: string): boolean {
  try {
    fs.writeFileSync(path.join(folder, '.gitignore'), '*\n', { flag: 'wx', mode: 0o644 })
    return true
  } catch {
    return false
  }
}
