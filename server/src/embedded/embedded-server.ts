/**
 * Entry of `dist/embedded-server.mjs`, the process that `startEmbeddedServer` starts: PGlite, served over TCP. It is an ES
 * module because PGlite finds its files by `import.meta.url`.
 */
import type { Extensions } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { Server, type Socket } from 'node:net'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { readShippedFile } from '../files/shipped-files'
import { askPassword } from './ask-password'
import type { ChildAnswer, ChildOptions } from './child-messages'
import availableExtensions from './extensions.json'
import { lockDataFolder } from './lock-data-folder'
import { SharedSession } from './shared-session'

/** pglite-socket refuses the rest. A pool of `pg` asks for 10 at most, a Prisma Client for a few per core. */
const MOST_CONNECTIONS = 32

/**
 * The extensions that PGlite brings along and that databases behind Prisma are seen to use. Each is an archive
 * `dist/extensions/NAME.tar`, and each costs start-up time, so a server gets only those that are asked for.
 */
const EMBEDDED_EXTENSIONS: readonly string[] = availableExtensions

const HERE = import.meta.dirname

/** The magic number and the version of a WebAssembly module, with nothing in it. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)

/** Not at the first look, since the files are closed in good order where that is possible. */
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

// Last of what is done at once: a constant that stands below it would have no value yet.
await serve(JSON.parse(process.argv[2] ?? '{}') as ChildOptions)

async function serve(options: ChildOptions): Promise<void> {
  // Ctrl+C in a terminal reaches the whole group; the parent decides when we end.
  process.on('SIGINT', () => undefined)
  // The parent is gone or has done with us.
  let stop = () => Promise.resolve()
  process.once('disconnect', () => {
    void stop().finally(() => process.exit(0))
  })
  // For when a statement computes on and on, and this thread does not hear of it.
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
      // Not `exit`, which waits for what is never done then.
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

/** Puts the password before what pglite-socket does with a new client. */
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
  if (dataFolder !== null) fs.mkdirSync(dataFolder, { recursive: true })
  const exists = dataFolder !== null && fs.existsSync(path.join(dataFolder, 'PG_VERSION'))
  const database = new SharedSession({
    extensions,
    pgliteWasmModule: new WebAssembly.Module(wasm),
    // Never run: a data folder is there, or one on which it has run.
    initdbWasmModule: new WebAssembly.Module(EMPTY_MODULE),
    fsBundle: new Blob([files]),
    ...(dataFolder === null ? {} : { dataDir: dataFolder }),
    ...(exists ? {} : { loadDataDir: freshDataFolder() }),
  })
  await database.waitReady
  return database
}

/** The result of `initdb`, made when this program was built, since running initdb takes most of a start-up's time and memory. */
function freshDataFolder(): Blob {
  return new Blob([readShippedFile(HERE, 'pglite-data.tar')])
}

function archivesOf(names: readonly string[]): Extensions {
  const wanted = EMBEDDED_EXTENSIONS.filter((name) => names.includes(name))
  return Object.fromEntries(
    wanted.map((name) => {
      const archive = new Blob([readShippedFile(HERE, path.join('extensions', `${name}.tar`))])
      // Our build has PGlite take what lies in memory (scripts/bundle-changes.mjs).
      const bundlePath = new URL(URL.createObjectURL(archive))
      return [name, { name, setup: () => Promise.resolve({ bundlePath }) }]
    }),
  )
}

function answer(message: ChildAnswer): void {
  process.send?.(message)
}
