import { spawn } from 'node:child_process'

export interface ProgramOutcome {
  /** Null where a signal ended it. */
  readonly exitCode: number | null
  /** Standard output and standard error, their last 64 kB. */
  readonly output: string
}

/**
 * Runs a program to its end, without a shell. An aborted signal ends it, and the outcome then has no exit code or that which
 * the program gave itself.
 *
 * @throws Error of `spawn` where the program cannot be started
 */
export function runProgram(
  program: string,
  argumentList: readonly string[],
  options: {
    readonly environment: Readonly<Record<string, string | undefined>>
    readonly signal?: AbortSignal | undefined
    /** Takes standard output piece by piece; `output` has standard error alone then. */
    readonly onOutput?: (piece: Buffer) => void
  },
): Promise<ProgramOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, argumentList, {
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    })
    let output = ''
    const { onOutput } = options
    if (onOutput !== undefined) child.stdout.on('data', onOutput)
    for (const stream of onOutput === undefined ? [child.stdout, child.stderr] : [child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-65_536)
      })
    }
    let hardKill: NodeJS.Timeout | undefined
    const end = () => {
      child.kill('SIGTERM')
      hardKill = setTimeout(() => child.kill('SIGKILL'), 2_000)
    }
    const cleanUp = () => {
      clearTimeout(hardKill)
      options.signal?.removeEventListener('abort', end)
    }
    options.signal?.addEventListener('abort', end, { once: true })
    if (options.signal?.aborted === true) end()
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
