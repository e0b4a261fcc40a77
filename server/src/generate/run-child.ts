import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface ChildOutcome {
  /** Null where a signal ended it. */
  readonly exitCode: number | null
  /** Lines of standard output and standard error in the order of their coming. */
  readonly output: string
}

/**
 * Runs a program without a shell and waits for its end. An aborted signal ends it with all its children; the outcome
 * then has no exit code. Rejects only where the program cannot be started.
 */
export function runChild(
  program: string,
  argumentList: readonly string[],
  options: {
    readonly folder: string
    readonly environment: Readonly<Record<string, string | undefined>>
    readonly signal: AbortSignal
    /** Each line as it comes, without its end. */
    readonly onLine: (line: string) => void
  },
): Promise<ChildOutcome> {
  if (options.signal.aborted) return Promise.resolve({ exitCode: null, output: '' })
  return new Promise((resolve, reject) => {
    const child = spawn(program, argumentList, {
      cwd: options.folder,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that generators which it starts end with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream.setEncoding('utf8') }).on('line', (line) => {
        output += `${line}\n`
        options.onLine(line)
      })
    }

    let hardKill: NodeJS.Timeout | null = null
    const onAbort = () => {
      endGroup(child.pid, 'SIGTERM')
      hardKill = setTimeout(() => {
        endGroup(child.pid, 'SIGKILL')
        // A child that left the group may hold the pipes open; nothing of it is waited for.
        child.stdout.destroy()
        child.stderr.destroy()
      }, 2000)
    }
    options.signal.addEventListener('abort', onAbort, { once: true })
    const cleanUp = () => {
      options.signal.removeEventListener('abort', onAbort)
      if (hardKill !== null) clearTimeout(hardKill)
    }
    child.once('error', (error) => {
      cleanUp()
      reject(error)
    })
    child.once('close', (exitCode) => {
      cleanUp()
      resolve({ exitCode, output })
    })
  })
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).unref()
    return
  }
  try {
    process.kill(-pid, signal)
  } catch {
    // The group is gone already, which is what was wanted.
  }
}
