import { spawnSync } from 'node:child_process'

/** What git prints; null where it fails, or is not installed. It never asks anybody. */
export function git(folder: string, words: readonly string[]): string | null {
  // The runner checks out as another user than the action's in a container.
  const { status, stdout } = spawnSync('git', ['-c', 'safe.directory=*', ...words], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64_000_000,
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
    timeout: 120_000,
  })
  return status === 0 ? stdout : null
}
