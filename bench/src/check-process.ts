import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { CATALOG_QUERIES, catalogStatement, type QueryName } from '../../server/src/database/catalog/queries'
import type { BenchProject } from './bench'

export interface Run {
  /** From starting the process to its end. */
  readonly milliseconds: number
  readonly stdout: string
}

/** Runs Node with these arguments to its end, as a shell would. Exit codes over `mostCode` are failures. */
export async function runNode(words: readonly string[], mostCode = 0): Promise<Run> {
  const start = performance.now()
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code === null || code > mostCode) throw new Error(`node ${words[0] ?? ''} ended with ${String(code)}.`)
  return { milliseconds: performance.now() - start, stdout }
}

export async function runCheck(project: BenchProject, words: readonly string[]): Promise<Run> {
  const place = ['--cwd', project.folder, '--schema', project.schemaPath, '--url', project.url]
  // 1 says that something was found.
  return await runNode([path.join(__BUNDLE_FOLDER__, 'cli.js'), 'check', ...place, ...words], 1)
}

/**
 * Node's start-up and the reading of the catalog as a process, and nothing else: a script that connects with `pg`, asks
 * for the rows that we ask for, and goes.
 */
export async function runBareReading(project: BenchProject): Promise<Run> {
  const names = Object.keys(CATALOG_QUERIES) as QueryName[]
  const sql = names.map((name) => catalogStatement(name, { schemas: ['public'] }).text)
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
