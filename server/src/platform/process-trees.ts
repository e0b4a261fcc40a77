import { spawn } from 'node:child_process'

/** For `spawn`: the process and all that it starts can be ended together, and no window opens. */
export function treeOptions(platform: NodeJS.Platform = process.platform): {
  readonly detached: boolean
  readonly windowsHide: true
} {
  // A group of its own. Windows has none; there a detached process would get a window of its own.
  return { detached: platform !== 'win32', windowsHide: true }
}

/**
 * Ends a process that was started with `treeOptions`, and all that it has started; by force at once on Windows, which knows no polite
 * way. Never throws: where the tree is gone already, that is what was wanted. Resolves once the system was told.
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
    // It may not be on the PATH of whoever started us.
    kill.once('error', () => resolve())
    kill.once('exit', () => resolve())
  })
}

type Start = (program: string, words: string[], options: { stdio: 'ignore'; windowsHide: boolean }) => Ending

interface Ending {
  once(event: 'error' | 'exit', listener: () => void): unknown
}

/** Is anything left of what `endTree` has ended? On Windows nothing ever is. */
export function isTreeAlive(pid: number): boolean {
  return process.platform !== 'win32' && signalGroup(pid, 0)
}

/** False where the group is gone. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}
