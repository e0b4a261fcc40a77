import fs from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'
import path from 'node:path'
import { DEFAULT_SCHEMA, searchPathStatement } from '../../database/search-path'
import { withClient } from '../../database/connect'
import { startEmbeddedServer } from '../../embedded/start-embedded-server'
import { text, textOf, type SafeText } from '../../text/safe-text'
import { EXIT } from '../exit-codes'
import { dumpForComparison } from '../demo/dump-for-comparison'
import { quoteIdentifier } from '../../database/quote'
import { copySampleInto, demoDatabaseFolder, isDemoFolder, layOutSample, listenOn, pointAt } from '../demo/demo-folder'
import { putActorOnClient } from '../demo/put-actor-on-client'
import { whoChangedWhat } from '../demo/who-changed-what'
import type { Terminal } from '../terminal'
import { reportingErrors } from '../terminal-session'

export interface DemoOptions {
  /** The folder of the sample project. */
  readonly directory: string
  /** Only start the sample database, to try the commands, until an interrupt. */
  readonly serve: boolean
}

type CommandLine = (words: readonly string[], terminal: Terminal) => Promise<number>

/**
 * Runs the complete workflow on a copy of the sample and an embedded PostgreSQL, with the same commands that a user
 * types: findings, guided run, no findings, rollback, and a database equal to the one before.
 */
export async function demoFromTerminal(
  options: DemoOptions,
  terminal: Terminal,
  runCommandLine: CommandLine,
): Promise<number> {
  return await reportingErrors(terminal, async () => {
    const folder = path.resolve(terminal.workingFolder, options.directory)
    const say = (shown: SafeText): void => terminal.output.writeText(shown)
    const isNew = !options.serve || !isDemoFolder(folder)
    if (isNew) layOutSample(folder)
    say(text`Starting an embedded PostgreSQL (PGlite, in a separate process) …`)
    const server = await startEmbeddedServer({ dataFolder: demoDatabaseFolder(folder), signal: terminal.signal })
    try {
      pointAt(folder, server.url)
      if (isNew) await loadSample(folder, server.url, terminal.signal)
      say(text`The sample is in ${folder}, its tables and rows in the database.`)
      if (options.serve) return await serveUntilInterrupted(server.url, say, terminal.signal)
      return await showTheCase(folder, server.url, terminal, runCommandLine)
    } finally {
      await server.stop()
    }
  })
}

async function showTheCase(
  folder: string,
  url: string,
  terminal: Terminal,
  runCommandLine: CommandLine,
): Promise<number> {
  const say = (shown: SafeText): void => terminal.output.writeText(shown)
  const inFolder: Terminal = {
    ...terminal,
    workingFolder: folder,
    // Prisma 7 downloads an engine before any command, although generate never starts it. With this, the demo needs no
    // network.
    environment: {
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      SAMPLE_PASSWORD: 'sample-password',
      ...terminal.environment,
      // Set in a shell, it wins over the .env of the sample: the demo would migrate a database of the user.
      DATABASE_URL: url,
    },
  }
  const isUrlSet = Boolean(terminal.environment.PRISMA_AUDIT_DATABASE_URL)
  const step = async (...words: string[]): Promise<number> => {
    say(text`\n$ prisma-audit ${words.join(' ')}`)
    return await runCommandLine(isUrlSet ? [...words, '--url', url] : words, inFolder)
  }

  const before = await dumpForComparison(url, terminal.signal)
  const codes = [await step('check'), await step('run', '--yes'), await step('check'), await step('rollback', '--yes')]
  const after = await dumpForComparison(url, terminal.signal)
  const isEqual = before === after
  say(text`\nDumps of the database before and after, ignoring the order of rows: ${isEqual ? 'equal' : 'NOT equal'}.`)
  if (!isEqual || codes.join() !== EXPECTED_CODES.join()) {
    say(text`The demo failed: its commands exited with ${codes.join(', ')} instead of ${EXPECTED_CODES.join(', ')}.`)
    return EXIT.findings
  }
  if (!(await showWhoChangedWhat(folder, url, inFolder, step))) return EXIT.findings
  copySampleInto(folder)
  say(text`
The sample's files in ${folder} are as they were at first.
To try it yourself, start the database again:
  prisma-audit demo --directory ${folder} --serve        (in this repository: npm run demo -- --serve)
then open ${folder} in VS Code with Prisma Audit, or type the commands above in it (in this repository: npx prisma-audit …).`)
  return EXIT.ok
}

/**
 * The application's side: migrates again, writes the module that fills the fields, and tests the backend with it. Needs
 * the sample's packages, which only this repository has. Resets the database afterwards. False if it failed.
 */
async function showWhoChangedWhat(
  folder: string,
  url: string,
  terminal: Terminal,
  step: (...words: string[]) => Promise<number>,
): Promise<boolean> {
  const say = (shown: SafeText): void => terminal.output.writeText(shown)
  const backend = path.join(folder, 'backend')
  if (!hasPackages(backend)) {
    say(
      text`\nNot shown: who changed what. Run npm install in ${backend} and start the application yourself (sample/README.md).`,
    )
    return true
  }
  copySampleInto(folder)
  listenOn(folder, await freePort())
  const codes = [await step('run', '--yes'), await step('actor', '--yes')]
  say(
    text`\nAdding the module to the client, and running each request as its user (backend/src/client.ts and server.ts).`,
  )
  putActorOnClient(backend)
  codes.push(await step('smoke'))
  if (codes.some((code) => code !== EXIT.ok)) {
    say(text`The demo failed: its commands exited with ${codes.join(', ')}.`)
    return false
  }
  say(textOf(['', 'Who changed what, in the database:', ...(await whoChangedWhat(url, terminal.signal))]))
  await withClient(url, { signal: terminal.signal }, async (client) => {
    for (const schema of ['public', 'prisma_audit', 'prisma_audit_kept']) {
      await client.query(`DROP SCHEMA IF EXISTS ${quoteIdentifier(schema)} CASCADE`)
    }
  })
  await loadSample(folder, url, terminal.signal)
  return true
}

/** Whether the packages are installed with which the backend is built and runs. */
function hasPackages(backend: string): boolean {
  const { resolve } = createRequire(path.join(backend, 'package.json'))
  return ['prisma/package.json', '@prisma/adapter-pg', 'esbuild', 'dotenv'].every((name) => {
    try {
      resolve(name)
      return true
    } catch {
      return false
    }
  })
}

async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 3000
}

const EXPECTED_CODES = [EXIT.findings, EXIT.ok, EXIT.ok, EXIT.ok]

async function loadSample(folder: string, url: string, signal: AbortSignal): Promise<void> {
  await withClient(url, { signal }, async (client) => {
    // The sample's SQL is unqualified, like Prisma's own migrations.
    await client.query(searchPathStatement('SET', DEFAULT_SCHEMA))
    for (const name of ['structure.sql', 'seed.sql']) {
      await client.query(fs.readFileSync(path.join(folder, 'database', name), 'utf8'))
    }
  })
}

async function serveUntilInterrupted(
  url: string,
  say: (shown: SafeText) => void,
  signal: AbortSignal,
): Promise<number> {
  say(text`The database is available at ${url} until you press Ctrl-C; its URL is in backend/.env.`)
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  return EXIT.ok
}
