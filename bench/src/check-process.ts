import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { BenchProject } from './bench'

export interface Run {
  /** From starting the process to its end. */
  readonly milliseconds: number
  readonly stdout: string
}

/** Runs Node with these arguments to its end, as a shell would. Exit codes over 1 are failures. */
export async function runNode(words: readonly string[]): Promise<Run> {
  const start = performance.now()
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code === null || code > 1) throw new Error(`node ${words[0] ?? ''} ended with ${String(code)}.`)
  return { milliseconds: performance.now() - start, stdout }
}

export async function runCheck(project: BenchProject, words: readonly string[]): Promise<Run> {
  return await runNode([
    ...[path.join(__BUNDLE_FOLDER__, 'cli.js'), 'check', '--cwd', project.folder],
    ...['--schema', project.schemaPath, '--url', project.url, ...words],
  ])
}

/** Milliseconds of each reading and comparing on a warm connection. */
export async function warmChecks(project: BenchProject, count: number): Promise<number[]> {
  const { stdout } = await runCheck(project, ['--repeat', String(count), '--format', 'timing'])
  return (JSON.parse(stdout) as { milliseconds: number[] }).milliseconds
}
