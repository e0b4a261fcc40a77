import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { CATALOG_QUERIES, fillInSchemas } from '../../server/src/database/catalog/queries'
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

/**
 * Node's start-up and the reading of the catalog as a process, and nothing else: a script that connects with `pg`, asks for
 * the rows that we ask for, and goes.
 */
export async function runBareReading(project: BenchProject): Promise<Run> {
  const sql = Object.values(CATALOG_QUERIES).map((query) => fillInSchemas(query, ['public']))
  const script = path.join(project.folder, 'bare-reading.cjs')
  fs.writeFileSync(
    script,
    `const { Client } = require(${JSON.stringify(path.join(__REPOSITORY__, 'node_modules', 'pg'))})
const client = new Client(${JSON.stringify(project.url)})
client.connect()
  .then(() => client.query({ text: ${JSON.stringify(sql.join(';\n'))}, rowMode: 'array' }))
  .then((results) => process.stdout.write(String(results.length)))
  .then(() => client.end())
`,
  )
  return await runNode([script])
}

/** Milliseconds of each reading and comparing on a warm connection. */
export async function warmChecks(project: BenchProject, count: number): Promise<number[]> {
  const { stdout } = await runCheck(project, ['--repeat', String(count), '--format', 'timing'])
  return (JSON.parse(stdout) as { milliseconds: number[] }).milliseconds
}
