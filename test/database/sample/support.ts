import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

export const SAMPLE = path.join(__REPOSITORY__, 'sample')

/** A copy of the sample that a test may change, below the repository, so that packages resolve as they do there. */
export interface SampleCopy {
  readonly folder: string
  readonly backend: string
  readonly frontend: string
  readonly schemaPath: string
  readonly environment: NodeJS.ProcessEnv
  remove(): void
}

export function copySample(databaseUrl: string): SampleCopy {
  const parent = path.join(__REPOSITORY__, 'out', 'sandbox')
  fs.mkdirSync(parent, { recursive: true })
  const folder = fs.mkdtempSync(path.join(parent, 'sample-'))
  const left = new Set(['node_modules', 'dist', 'generated', '.env'])
  fs.cpSync(SAMPLE, folder, { recursive: true, filter: (source) => !left.has(path.basename(source)) })
  const backend = path.join(folder, 'backend')
  return {
    folder,
    backend,
    frontend: path.join(folder, 'frontend'),
    schemaPath: path.join(backend, 'prisma', 'schema.prisma'),
    environment: withEngine({ ...process.env, DATABASE_URL: databaseUrl }),
    remove: () => {
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Prisma fetches its schema engine at first use, though generating does not run it; any program stands in for it. */
function withEngine(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...environment, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath }
}

export async function sampleSql(): Promise<string> {
  const parts = ['structure.sql', 'seed.sql'].map((name) =>
    fs.promises.readFile(path.join(SAMPLE, 'database', name), 'utf8'),
  )
  return (await Promise.all(parts)).join('\n')
}

/** Fails with the compiler's messages where the backend or the frontend has type errors. */
export async function checkTypes(copy: SampleCopy): Promise<void> {
  const compiler = path.join(__REPOSITORY__, 'node_modules', 'typescript', 'bin', 'tsc')
  for (const folder of [copy.backend, copy.frontend]) {
    await promisify(execFile)(process.execPath, [compiler, '-p', folder]).catch((error: unknown) => {
      const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
      throw new Error(`${folder} has type errors:\n${output}`)
    })
  }
}

/** Builds and starts the sample's backend on a free port, asks it, and stops it. */
export async function withBackend<T>(copy: SampleCopy, use: (address: string) => Promise<T>): Promise<T> {
  await promisify(execFile)(process.execPath, ['build.mjs'], { cwd: copy.backend })
  const child = spawn(process.execPath, [path.join('dist', 'server.js')], {
    cwd: copy.backend,
    env: { ...copy.environment, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    return await use(await listeningAddress(child.stdout))
  } finally {
    if (child.exitCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  }
}

async function listeningAddress(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const address = /^Listening on (\S+)$/.exec(line)?.[1]
    if (address !== undefined) return address
  }
  throw new Error('The backend ended before it listened.')
}

/** The cookie of a user of the sample who has logged in. */
export async function logIn(address: string, email = 'ada@example.com'): Promise<string> {
  const body = JSON.stringify({ email, password: 'sample-password' })
  const response = await fetch(`${address}/login`, { method: 'POST', body })
  assert.equal(response.status, 200)
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

export async function getJson(url: string, cookie: string): Promise<Record<string, unknown>[]> {
  const response = await fetch(url, { headers: { cookie } })
  if (!response.ok) throw new Error(`${url} answered ${String(response.status)}: ${await response.text()}`)
  return (await response.json()) as Record<string, unknown>[]
}
