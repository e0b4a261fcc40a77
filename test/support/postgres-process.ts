import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { findPostgresBinaries } from './postgres-binaries'
import { freePort } from './network'

/** One `postgres` process with its data folder. */
export interface ServerProcess {
  readonly port: number
  readonly dataFolder: string
  readonly socketFolder: string
  readonly logFile: string
  readonly binFolder: string
  start(): Promise<void>
  crash(signal?: NodeJS.Signals): Promise<void>
  stop(): Promise<void>
}

/**
 * Settings in which a replica must not be below its primary. As many locks in total as with PostgreSQL's own hundred
 * connections.
 */
export const SIZES: Readonly<Record<string, string>> = { max_connections: '60', max_locks_per_transaction: '107' }

/** Tests do not need durability, which costs most of the time. Statistics do not change while autovacuum is off. */
const FAST_SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  shared_buffers: '32MB',
  // No session of ours compiles its queries; neither shall those of Prisma and of the tests.
  jit: 'off',
  ...SIZES,
  log_connections: 'on',
  listen_addresses: '127.0.0.1',
}

/**
 * Each session is a process that touches a few megabytes once: with large pages that are not returned meanwhile, it has
 * half the page faults, and a server a tenth less processor time. Only glibc reads this.
 */
const FAST_MEMORY: Readonly<Record<string, string>> = {
  GLIBC_TUNABLES: [
    'glibc.malloc.hugetlb=1',
    'glibc.malloc.top_pad=2097152',
    'glibc.malloc.mmap_threshold=8388608',
    'glibc.malloc.trim_threshold=33554432',
  ].join(':'),
}

export async function startServerProcess(options: {
  readonly password: string
  readonly settings: Readonly<Record<string, string>>
  readonly files: Readonly<Record<string, string>>
}): Promise<ServerProcess> {
  const user = unprivilegedUser()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-pg-'))
  const binaries = findPostgresBinaries(folder, user !== null)
  const dataFolder = path.join(folder, 'data')
  const logFile = path.join(folder, 'log')
  fs.chmodSync(folder, 0o755)
  if (user !== null) fs.chownSync(folder, user.uid, user.gid)
  const env = { ...process.env, ...FAST_MEMORY, ...binaries.environment, LC_MESSAGES: 'C' }
  const childOptions = { cwd: folder, env, ...user }

  /** PostgreSQL rejects a key that other users may read. */
  function writeForServer(name: string, text: string): string {
    const file = path.join(folder, name)
    fs.writeFileSync(file, text, { mode: 0o600 })
    if (user !== null) fs.chownSync(file, user.uid, user.gid)
    return file
  }

  function initialise(): void {
    for (const [name, text] of Object.entries(options.files)) writeForServer(name, text)
    const passwordFile = writeForServer('password', options.password)
    const run = spawnSync(
      binaries.program('initdb'),
      [
        ...['-D', dataFolder, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
        ...['--encoding=UTF8', '--locale=C', '--no-sync'],
      ],
      { ...childOptions, encoding: 'utf8' },
    )
    if (run.status !== 0) throw new Error(`initdb failed: ${run.error?.message ?? ''}${run.stderr}`)
    fs.rmSync(passwordFile)
  }

  let child: ChildProcess | null = null
  let port = 0

  async function launch(): Promise<void> {
    const settings = { ...FAST_SETTINGS, unix_socket_directories: folder, ...options.settings }
    const log = fs.openSync(logFile, 'a')
    const started = spawn(
      binaries.program('postgres'),
      [
        ...['-D', dataFolder, '-p', String(port)],
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      { ...childOptions, stdio: ['ignore', log, log] },
    )
    fs.closeSync(log)
    // Mocha ends when nothing is left to do; the server must not keep it running.
    started.unref()
    child = started
    await untilItAnswers(started)
  }

  async function untilItAnswers(started: ChildProcess): Promise<void> {
    for (let attempt = 0; attempt < 12_000; attempt++) {
      if (started.exitCode !== null || started.signalCode !== null) {
        throw new Error(`PostgreSQL did not start:\n${fs.readFileSync(logFile, 'utf8')}`)
      }
      if (await answers()) return
      await delay(25)
    }
    throw new Error(`PostgreSQL did not answer in five minutes:\n${fs.readFileSync(logFile, 'utf8')}`)
  }

  async function answers(): Promise<boolean> {
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port, user: 'postgres', password: options.password, database: 'postgres' },
    })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return true
    } catch {
      return false
    }
  }

  async function halt(signal: NodeJS.Signals): Promise<void> {
    const running = child
    child = null
    if (running?.exitCode !== null || running.signalCode !== null) return
    running.ref()
    const exited = once(running, 'exit')
    running.kill(signal)
    await exited
  }

  /** The process ends now: promises are no longer awaited, so wait for the lock file to disappear. */
  function haltAtExit(): void {
    child?.kill('SIGQUIT')
    const lockFile = path.join(dataFolder, 'postmaster.pid')
    const pause = new Int32Array(new SharedArrayBuffer(4))
    for (let attempt = 0; child !== null && attempt < 200 && fs.existsSync(lockFile); attempt++) {
      Atomics.wait(pause, 0, 0, 10)
    }
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
  }

  process.once('exit', haltAtExit)
  endOnSignals()
  initialise()
  for (let attempt = 0; ; attempt++) {
    port = await freePort()
    try {
      await launch()
      break
    } catch (error) {
      // Another process took the port between the check and the server's binding.
      if (attempt === 3 || !String(error).includes('Address already in use')) throw error
    }
  }

  return {
    port,
    dataFolder,
    socketFolder: folder,
    logFile,
    binFolder: binaries.folder,
    start: launch,
    crash: (signal = 'SIGQUIT') => halt(signal),
    stop: async () => {
      await halt('SIGINT')
      process.removeListener('exit', haltAtExit)
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
    },
  }
}

/** Without a listener a signal ends Node at once, and `exit` listeners do not run. */
function endOnSignals(): void {
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(code))
  }
}

/** PostgreSQL refuses to run as root: root switches to `postgres`, otherwise to `nobody`. Null for all other users. */
function unprivilegedUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const users = fs.readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('PostgreSQL cannot run as root, and there is no user "postgres" or "nobody" to run it as.')
}
