import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { endTree, treeOptions } from '../platform/process-trees'
import type { EnvironmentVariables } from '../platform/environment-variables'

export interface ChildOutcome {
  /** Null if a signal killed it. */
  readonly exitCode: number | null
  /** Lines of standard output and standard error in order of arrival. */
  readonly output: string
}

/**
 * Runs a program without a shell and waits for its end. An aborted signal kills it with all its children; the outcome
 * then has no exit code. Rejects only if the program cannot be started.
 */
export function runChild(
  program: string,
  argumentList: readonly string[],
  options: {
    readonly folder: string
    readonly environment: EnvironmentVariables
    readonly signal: AbortSignal
    /** Each line without its line ending. */
    readonly onLine: (line: string) => void
  },
): Promise<ChildOutcome> {
  if (options.signal.aborted) return Promise.resolve({ exitCode: null, output: '' })
  return new Promise((resolve, reject) => {
    const child = spawn(program, argumentList, {
      cwd: options.folder,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...treeOptions(),
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
      void endTree(child.pid, 'SIGTERM')
      hardKill = setTimeout(() => {
        void endTree(child.pid, 'SIGKILL')
        // A child that left the group may keep the pipes open; its output is not waited for.
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
