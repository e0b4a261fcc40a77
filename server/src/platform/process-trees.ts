import { spawn } from 'node:child_process'

/** Options for `spawn`: the process and its children can be killed together, and no window opens. */
export function treeOptions(platform: NodeJS.Platform = process.platform): {
  readonly detached: boolean
  readonly windowsHide: true
} {
  // A separate process group. Windows has none; there, a detached process would get a window.
  return { detached: platform !== 'win32', windowsHide: true }
}

/**
 * Ends a process that was started with `treeOptions`, with all its children; on Windows by force, because it has no
 * graceful way. Never throws, even if the processes have already ended. Resolves once the system was told.
 */
export async function endTree(
  pid: number | undefined,
  signal: 'SIGTERM' | 'SIGKILL',
  { platform = process.platform, start = spawn }: { readonly platform?: NodeJS.Platform; readonly start?: Start } = {},
): Promise<void> {
  if (pid === undefined) return
  if (platform !== 'win32') {
    signalGroup(pid, signal)
    return
  }
  await new Promise<void>((resolve) => {
    const kill = start('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true })
    // It may be missing in the PATH.
    kill.once('error', () => resolve())
    kill.once('exit', () => resolve())
  })
}

type Start = (program: string, words: string[], options: { stdio: 'ignore'; windowsHide: boolean }) => Ending

interface Ending {
  once(event: 'error' | 'exit', listener: () => void): unknown
}

/** Whether any process is left after `endTree`. On Windows there never is. */
export function isTreeAlive(pid: number): boolean {
  return process.platform !== 'win32' && signalGroup(pid, 0)
}

/** False if the group no longer exists. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}
