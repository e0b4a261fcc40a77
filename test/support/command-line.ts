import { spawn } from 'node:child_process'
import path from 'node:path'
import { FLAGS_OF_SHORT_PROCESSES } from './node-flags'

export interface CommandLineResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface CommandLineOptions {
  readonly folder: string
  /** Default: `dist/cli.js`. */
  readonly script?: string
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** Runs `dist/cli.js` as a person's shell would, without a terminal to answer questions on. */
export async function commandLine(words: readonly string[], options: CommandLineOptions): Promise<CommandLineResult> {
  const child = spawn(process.execPath, [...FLAGS_OF_SHORT_PROCESSES, options.script ?? CLI, ...words], {
    cwd: options.folder,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? -1))
  })
  return { exitCode, stdout, stderr }
}

const CLI = path.join(__BUNDLE_FOLDER__, 'cli.js')
