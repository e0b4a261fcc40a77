/**
 * Entry point of `dist/embedded-server.mjs`, the process that `startEmbeddedServer` starts: PGlite, served over TCP. It
 * is an ES module because PGlite finds its files with `import.meta.url`.
 */
import type { Extensions } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { Server, type Socket } from 'node:net'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { makeFolders } from '../platform/lasting-files'
import { readShippedFile } from '../files/shipped-files'
import { askPassword } from './ask-password'
import type { ChildAnswer, ChildOptions } from './child-messages'
import availableExtensions from './extensions.json'
import { lockDataFolder } from './lock-data-folder'
import { SharedSession } from './shared-session'

/** pglite-socket rejects further connections. A pool of `pg` opens at most 10, a Prisma Client a few per core. */
const MOST_CONNECTIONS = 32

/**
 * The extensions that PGlite includes and that databases of Prisma projects are known to use. Each is an archive
 * `dist/extensions/NAME.tar` and costs start-up time, so a server loads only the requested ones.
 */
const EMBEDDED_EXTENSIONS: readonly string[] = availableExtensions

const HERE = import.meta.dirname

/** The magic number and the version of an empty WebAssembly module. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)

/** Waits for three checks before it kills the process, so that the files can be closed cleanly first. */
const END_WITHOUT_PARENT = `
const { workerData: parent } = require('node:worker_threads')
let looks = 0
setInterval(() => {
  try {
    if (process.ppid === parent) return process.kill(parent, 0)
  } catch {}
  looks += 1
  if (looks === 3) process.kill(process.pid, 'SIGKILL')
}, 1000)`

// Comes last at the top level: constants declared below would not be initialized yet.
await serve(JSON.parse(process.argv[2] ?? '{}') as ChildOptions)

async function serve(options: ChildOptions): Promise<void> {
  // Ctrl+C in a terminal reaches the whole group; the parent decides when this process ends.
  process.on('SIGINT', () => undefined)
  // The parent has ended or asks us to end.
  let stop = () => Promise.resolve()
  process.once('disconnect', () => {
    void stop().finally(() => process.exit(0))
  })
  // In case a long statement blocks this thread.
  new Worker(END_WITHOUT_PARENT, { eval: true, workerData: process.ppid }).unref()
  try {
    if (options.dataFolder !== null) lockDataFolder(options.dataFolder)
    const database = await openDatabase(options)
    const server = new PGLiteSocketServer({
      db: database,
      host: '127.0.0.1',
      port: 0,
      maxConnections: MOST_CONNECTIONS,
    })
    database.onBreakdown = (error) => {
      fs.writeSync(2, String(error))
      // Not `exit`, which would wait for work that never finishes.
      process.kill(process.pid, 'SIGKILL')
    }
    database.countClients = () => server.getStats().activeConnections
    stop = async () => {
      await server.stop()
      await database.close()
    }
    await server.start()
    const password = randomBytes(24).toString('base64url')
    guard(server, password)
    answer({ kind: 'ready', port: Number(server.getServerConn().split(':').at(-1)), password })
  } catch (error) {
    answer({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
    process.exitCode = 1
    process.disconnect()
  }
}

/** Requires the password before pglite-socket handles a new client. */
function guard(server: PGLiteSocketServer, password: string): void {
  const listener: unknown = Reflect.get(server, 'server')
  if (!(listener instanceof Server)) throw new Error('pglite-socket has another listener than expected.')
  const accept = listener.listeners('connection')
  listener.removeAllListeners('connection')
  listener.on('connection', (socket: Socket) => {
    askPassword(socket, password, () => {
      for (const each of accept) each.call(listener, socket)
    })
  })
}

async function openDatabase(options: ChildOptions): Promise<SharedSession> {
  const [wasm, files] = [readShippedFile(HERE, 'pglite.wasm'), readShippedFile(HERE, 'pglite.data')]
  const extensions = archivesOf(options.extensions)
  const { dataFolder } = options
  if (dataFolder !== null) makeFolders(dataFolder)
  const exists = dataFolder !== null && fs.existsSync(path.join(dataFolder, 'PG_VERSION'))
  const database = new SharedSession({
    extensions,
    pgliteWasmModule: new WebAssembly.Module(wasm),
    // Never run, because there is always a data folder or the archive of one.
    initdbWasmModule: new WebAssembly.Module(EMPTY_MODULE),
    fsBundle: new Blob([files]),
    ...(dataFolder === null ? {} : { dataDir: dataFolder }),
    ...(exists ? {} : { loadDataDir: freshDataFolder() }),
  })
  await database.waitReady
  return database
}

/** The result of `initdb` from build time, because running it takes most of the start-up time and memory. */
function freshDataFolder(): Blob {
  return new Blob([readShippedFile(HERE, 'pglite-data.tar')])
}

function archivesOf(names: readonly string[]): Extensions {
  const wanted = EMBEDDED_EXTENSIONS.filter((name) => names.includes(name))
  return Object.fromEntries(
    wanted.map((name) => {
      const archive = new Blob([readShippedFile(HERE, path.join('extensions', `${name}.tar`))])
      // Our build changes PGlite so that it accepts archives in memory (scripts/bundle-changes.mjs).
      const bundlePath = new URL(URL.createObjectURL(archive))
      return [name, { name, setup: () => Promise.resolve({ bundlePath }) }]
    }),
  )
}

function answer(message: ChildAnswer): void {
  process.send?.(message)
}
