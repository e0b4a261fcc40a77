import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { FLAGS_OF_SHORT_PROCESSES } from './node-flags'

export interface Screen {
  readonly exitCode: number
  /** All output, including control sequences; lines end with `\r\n`. */
  readonly text: string
}

export interface PseudoTerminalOptions {
  readonly folder: string
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly columns?: number
  /** Called with all output so far whenever there is more; what it returns is typed. */
  readonly type?: (screen: string) => string | null
}

/** Whether there is the `script` of util-linux, which provides a terminal for a program. */
export function hasPseudoTerminal(): boolean {
  return process.platform === 'linux' && String(spawnSync('script', ['--version']).stdout).includes('util-linux')
}

/** Runs `dist/cli.js` on a terminal of its own, as a person does. */
export async function onPseudoTerminal(words: readonly string[], options: PseudoTerminalOptions): Promise<Screen> {
  const cli = path.join(__BUNDLE_FOLDER__, 'cli.js')
  const program = [process.execPath, ...FLAGS_OF_SHORT_PROCESSES, cli, ...words].map(quoteForShell).join(' ')
  const command = `stty rows 40 columns ${options.columns ?? 100}; exec ${program}`
  const child = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
    cwd: options.folder,
    env: { ...process.env, SHELL: '/bin/sh', TERM: 'xterm', ...options.environment },
    stdio: ['pipe', 'pipe', 'inherit'],
    // A question that a test does not expect would wait forever, and mocha with it.
    timeout: 500_000,
    killSignal: 'SIGKILL',
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more
    const typed = options.type?.(text) ?? null
    if (typed !== null) child.stdin.write(typed)
  })
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? -1))
  })
  return { exitCode, text }
}

function quoteForShell(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
