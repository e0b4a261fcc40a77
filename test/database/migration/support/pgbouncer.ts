import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { freePort, untilItAnswers } from '../../../support/network'
import type { TestServer } from '../../../support/postgres'

export interface PgBouncer {
  /** The URL with the pooler's port. */
  through(url: string): string
  isRunning(): boolean
  stop(): Promise<void>
}

/** Debian's package `pgbouncer`; null where it is not installed. */
export function findPgBouncer(): string | null {
  const candidates = [
    '/usr/sbin/pgbouncer',
    '/usr/bin/pgbouncer',
    '/usr/local/bin/pgbouncer',
    '/opt/homebrew/bin/pgbouncer',
  ]
  return candidates.find((file) => fs.existsSync(file)) ?? null
}

export async function startPgBouncer(
  program: string,
  server: TestServer,
  {
    mode,
    sessions,
    database = '*',
  }: {
    readonly mode: 'transaction' | 'session'
    readonly sessions: number
    /** The only one that it serves; default: all. */
    readonly database?: string
  },
): Promise<PgBouncer> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-pgbouncer-'))
  const port = await freePort()
  const password = decodeURIComponent(new URL(server.url).password)
  fs.writeFileSync(path.join(folder, 'users.txt'), `"postgres" "${password.replaceAll('"', '""')}"\n`)
  fs.writeFileSync(
    path.join(folder, 'pgbouncer.ini'),
    [
      '[databases]',
      `${database} = host=127.0.0.1 port=${server.port}`,
      '[pgbouncer]',
      ...[`listen_port = ${port}`, 'listen_addr = 127.0.0.1', 'unix_socket_dir =', `pool_mode = ${mode}`],
      ...['auth_type = scram-sha-256', `auth_file = ${folder}/users.txt`, `default_pool_size = ${sessions}`],
    ].join('\n') + '\n',
  )
  // PgBouncer does not run as root.
  const user = process.getuid?.() === 0 ? ownerFor(folder) : {}
  const log = fs.openSync(path.join(folder, 'log'), 'a')
  const child: ChildProcess = spawn(program, [path.join(folder, 'pgbouncer.ini')], {
    ...user,
    stdio: ['ignore', log, log],
  })
  fs.closeSync(log)
  const through = (url: string) => url.replace(`:${server.port}/`, `:${port}/`)
  await untilItAnswers(
    through(database === '*' ? server.url : server.url.replace(/\/[^/?]*(\?|$)/, `/${database}$1`)),
    () => fs.readFileSync(path.join(folder, 'log'), 'utf8'),
  )
  return {
    through,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

function ownerFor(folder: string): { readonly uid: number; readonly gid: number } {
  const id = (flag: string) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout)
  const owner = { uid: id('-u'), gid: id('-g') }
  for (const name of ['', 'users.txt', 'pgbouncer.ini']) fs.chownSync(path.join(folder, name), owner.uid, owner.gid)
  return owner
}
