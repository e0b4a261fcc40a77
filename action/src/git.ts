import { spawnSync } from 'node:child_process'

/** The output of git; null if it fails or is not installed. It never prompts. */
export function git(folder: string, words: readonly string[]): string | null {
  // In a container, the runner checks out as a different user than the action's.
  const { status, stdout } = spawnSync('git', ['-c', 'safe.directory=*', ...words], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64_000_000,
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
    timeout: 120_000,
  })
  return status === 0 ? stdout : null
}
