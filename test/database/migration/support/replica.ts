import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import pg from 'pg'
import type { TestServer } from '../../../support/postgres'

export interface Replica {
  /** The same database there. */
  of(url: string): string
  stop(): Promise<void>
}

/** A server that follows this one by streaming; null where its programs lack pg_basebackup. It answers when this resolves. */
export async function startReplica(primary: TestServer): Promise<Replica | null> {
  const program = path.join(primary.binFolder, 'pg_basebackup')
  if (!fs.existsSync(program)) return null
  // Beside the primary's own data, so that its user may write there and it goes with it.
  const folder = path.join(primary.socketFolder, 'replica')
  const { uid, gid } = fs.statSync(primary.socketFolder)
  const options = { cwd: primary.socketFolder, ...(process.getuid?.() === 0 ? { uid, gid } : {}) }
  const password = decodeURIComponent(new URL(primary.url).password)
  const copied = spawnSync(
    program,
    ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'postgres', '-D', folder, '-R', '-X', 'stream', '-c', 'fast'],
    { ...options, encoding: 'utf8', env: { ...process.env, PGPASSWORD: password } },
  )
  if (copied.status !== 0) throw new Error(`pg_basebackup failed: ${copied.error?.message ?? ''}${copied.stderr}`)
  const port = await freePort()
  const child = spawn(
    path.join(primary.binFolder, 'postgres'),
    [
      '-D',
      folder,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `unix_socket_directories=${folder}`,
      '-c',
      'max_connections=60',
    ],
    { ...options, env: { ...process.env, PGPASSWORD: password }, stdio: 'ignore' },
  )
  const of = (url: string) => url.replace(`:${primary.port}/`, `:${port}/`)
  await untilItAnswers(of(primary.url))
  return {
    of,
    stop: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGINT')
      await exited
    },
  }
}

async function untilItAnswers(url: string): Promise<void> {
  const giveUpAt = performance.now() + 30_000
  while (performance.now() < giveUpAt) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await client.end().catch(() => undefined)
    }
  }
  throw new Error('The replica did not answer.')
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.')
  return address.port
}
