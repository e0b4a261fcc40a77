import { spawn } from 'node:child_process'
import { treeOptions } from './process-trees'

/**
 * Ends a process that was started with `treeOptions`, with all its children, if ours is killed and cannot do so itself.
 * Dismiss it once the process has ended, because its id may then become another's.
 */
export function endTreeWithUs(pid: number): { dismiss(): void } {
  const guard = spawn(process.execPath, ['-e', GUARD, String(pid)], {
    // In VS Code, `process.execPath` is Electron, which behaves like Node only with this variable.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'ignore', 'ignore'],
    ...treeOptions(),
  })
  // Without a guard everything else works.
  guard.once('error', () => undefined)
  guard.stdin.once('error', () => undefined)
  guard.unref()
  return { dismiss: () => void guard.kill('SIGKILL') }
}

/** Its standard input ends when our process does, however it ends. */
const GUARD = `
const pid = Number(process.argv[1])
const end = (signal) => {
  try { process.kill(-pid, signal) } catch {}
}
process.stdin.resume().once('end', () => {
  if (process.platform === 'win32') {
    require('node:child_process').spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true })
    return
  }
  end('SIGTERM')
  setTimeout(end, 5000, 'SIGKILL')
})
`
