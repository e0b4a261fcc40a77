import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { EnvironmentVariables } from '../../platform/environment-variables'
import { phrase, type Phrase } from '../../text/phrase'

export interface ProgramOutcome {
  /** Null if a signal ended it. */
  readonly exitCode: number | null
  /** The signal that ended it; null if it ended by itself. */
  readonly endedBy: NodeJS.Signals | null
  /** Standard output and standard error, the last 64 kB. */
  readonly output: string
}

/** A program that failed: the message is its output. */
export class ProgramFailure extends Error {
  readonly endedBy: ProgramOutcome['endedBy']

  constructor({ output, endedBy }: ProgramOutcome) {
    super(output)
    this.endedBy = endedBy
  }
}

/** What a program that failed wrote; the signal that ended it if that was nothing. */
export function whyFailed({ output, endedBy }: ProgramOutcome): string | Phrase {
  const said = output.trim()
  return said === '' && endedBy !== null ? phrase`It was killed by ${endedBy}.` : said
}

/**
 * A word of a command line. A file to read, or to write if an option precedes it, has a different path in a container.
 */
export type ProgramWord = string | { readonly file: string; readonly option?: string }

export interface ProgramOptions {
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal | undefined
  /** Receives standard output in chunks, one at a time; `output` then contains only standard error. */
  readonly onOutput?: (piece: Buffer) => unknown
  /** The lines of `output`; omitted: all. */
  readonly keepsLine?: (line: string) => boolean
}

/**
 * Runs a program without a shell and waits for its end. An aborted signal kills it; the outcome then has no exit code,
 * or the one that the program itself returned.
 *
 * @throws Error of `spawn` if the program cannot be started; that of `onOutput`, which kills the program
 */
export function runProgram(
  program: string,
  argumentList: readonly string[],
  options: ProgramOptions,
): Promise<ProgramOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, argumentList, {
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    })
    let output = ''
    const { onOutput, keepsLine } = options
    const keep = (text: string) => {
      output = (output + text).slice(-65_536)
    }
    const handedOn = onOutput === undefined ? Promise.resolve() : handOn(child.stdout, onOutput)
    // The error is handled at the end; a program whose output is not read would block forever.
    handedOn.catch(() => child.kill('SIGKILL'))
    for (const stream of onOutput === undefined ? [child.stdout, child.stderr] : [child.stderr]) {
      stream.setEncoding('utf8')
      if (keepsLine === undefined) stream.on('data', keep)
      else keepLines(stream, keepsLine, keep)
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
    child.once('close', (exitCode, endedBy) => {
      cleanUp()
      handedOn.then(() => {
        // Windows' programs end lines with both.
        resolve({ exitCode, endedBy, output: output.replaceAll('\r\n', '\n') })
      }, reject)
    })
  })
}

function keepLines(stream: Readable, keepsLine: (line: string) => boolean, keep: (text: string) => void): void {
  let rest = ''
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/(?<=\n)/)
    rest = lines.at(-1)?.endsWith('\n') === true ? '' : (lines.pop() ?? '')
    keep(lines.filter(keepsLine).join(''))
  })
  stream.on('end', () => {
    keep(rest)
  })
}

async function handOn(output: Readable, take: (piece: Buffer) => unknown): Promise<void> {
  for await (const piece of output) await take(piece as Buffer)
}
