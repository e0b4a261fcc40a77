import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { freePort, untilItAnswers } from '../../../support/network'
import type { TestServer } from '../../../support/postgres'
import { SIZES } from '../../../support/postgres-process'

export interface Replica {
  /** The same database there. */
  of(url: string): string
  stop(): Promise<void>
}

/**
 * A server that follows this one by streaming; null where its programs lack pg_basebackup. It answers when this
 * resolves.
 */
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
      ...Object.entries(SIZES).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...options, env: { ...process.env, PGPASSWORD: password }, stdio: 'ignore' },
  )
  const of = (url: string) => url.replace(`:${primary.port}/`, `:${port}/`)
  await untilItAnswers(of(primary.url), () => 'It is the replica.')
  return {
    of,
    stop: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGINT')
      await exited
    },
  }
}
