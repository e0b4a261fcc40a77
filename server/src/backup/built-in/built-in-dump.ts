/**
 * Entry point of `dist/built-in-dump.mjs`, the process that `dumpWithBuiltIn` starts: pg_dump 18 in WebAssembly. It
 * blocks its thread while it waits for the server, so it has its own process, with a separate thread for the connection
 * (`relay.ts`). An ES module because the package finds its WebAssembly with `import.meta.url`.
 */
import type { PGlite } from '@electric-sql/pglite'
import { pgDump } from '@electric-sql/pglite-tools/pg_dump'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'
import { dumpTextNotSafe } from './errors'
import { fromFailure, toFailure } from './failure'
import type { DumpAnswer, DumpRequest, RelayAnswer, RelayData } from './messages'
import { quoteNegativeZeros } from './negative-zeros'
import type { EnvironmentVariables } from '../../platform/environment-variables'

// The name that pg_dump uses for itself in its messages.
process.argv[1] = 'pg_dump'

// Ctrl+C in a terminal reaches the whole group; the parent decides when this process ends.
process.on('SIGINT', () => undefined)
process.once('disconnect', () => process.exit(1))
process.once('message', (request: DumpRequest) => {
  void dump(request).then(
    () => {
      finish({ kind: 'done' }, 0)
    },
    (error: unknown) => {
      finish({ kind: 'failed', failure: toFailure(error) }, 1)
    },
  )
})

function finish(answer: DumpAnswer, exitCode: number): void {
  process.send?.(answer, () => process.exit(exitCode))
}

async function dump({ url, environment, args, outputPath }: DumpRequest): Promise<void> {
  const relay = await connectRelay(url, environment)
  const file = await pgDump({ pg: relay.standIn as PGlite, args: [...args] })
  if (relay.sawUnsafeText()) throw dumpTextNotSafe()
  const output = fs.openSync(outputPath, 'wx', 0o600)
  try {
    // As Latin-1, which keeps every byte: what is not UTF-8 is rejected later.
    const text = quoteNegativeZeros(Buffer.from(await file.arrayBuffer()).toString('latin1'))
    for (const piece of forAnyServer(Buffer.from(text, 'latin1'))) fs.writeFileSync(output, piece)
    fs.fsyncSync(output)
  } finally {
    fs.closeSync(output)
  }
}

/** Without the setting that servers before 17 do not know, so that `psql` runs the file there as it is. */
function forAnyServer(dump: Buffer): readonly Buffer[] {
  const start = dump.subarray(0, HEAD).indexOf(SETTING_OF_17)
  return start === -1 ? [dump] : [dump.subarray(0, start), dump.subarray(start + SETTING_OF_17.length)]
}

const SETTING_OF_17 = 'SET transaction_timeout = 0;\n'

/** Bytes before the first object; what comes later may be data. */
const HEAD = 500

/** What `pgDump` accepts as a PGlite: it calls only these three functions. */
type StandIn = Pick<PGlite, 'query' | 'exec' | 'execProtocolRawStream'>

/** Starts the relay's thread; resolves when it has logged in. */
async function connectRelay(
  url: string,
  environment: EnvironmentVariables,
): Promise<{ standIn: StandIn; sawUnsafeText: () => boolean }> {
  const { port1: port, port2 } = new MessageChannel()
  const turns = new SharedArrayBuffer(4)
  const turn = new Int32Array(turns)
  const workerData: RelayData = { url, environment, port: port2, turns }
  const worker = new Worker(path.join(import.meta.dirname, 'built-in-dump-relay.js'), {
    workerData,
    transferList: [port2],
  })
  worker.on('error', () => undefined)
  const [greeting] = (await once(port, 'message')) as [RelayAnswer]
  if (greeting.kind === 'failed') throw fromFailure(greeting.failure)
  // From here on, messages are polled instead of received as events.
  port.removeAllListeners('message')

  let unsafe = false
  const standIn: StandIn = {
    // Queried for the search path before and after, to restore it for the next user of a PGlite. Here there is none.
    query: () => Promise.resolve({ rows: [{ search_path: '' }], fields: [] } as never),
    exec: () => Promise.resolve([]),
    execProtocolRawStream: (message, options) => {
      // A copy, because the bytes are in WebAssembly's memory.
      port.postMessage(Uint8Array.from(message))
      const bytes = nextAnswer(port, turn)
      unsafe ||= hasUnsafeText(bytes)
      options.onRawData(bytes)
      return Promise.resolve()
    },
  }
  return { standIn, sawUnsafeText: () => unsafe }
}

/** Blocks this thread until the relay has answered. */
function nextAnswer(port: MessagePort, turn: Int32Array): Uint8Array {
  for (;;) {
    const seen = Atomics.load(turn, 0)
    const received = receiveMessageOnPort(port) as { message: RelayAnswer } | undefined
    if (received === undefined) Atomics.wait(turn, 0, seen)
    else if (received.message.kind === 'failed') throw fromFailure(received.message.failure)
    else if (received.message.kind === 'bytes') return received.message.bytes
  }
}

/**
 * Whether a text in the database has a line that begins with `\restrict` or `\unrestrict`. The package mistakes every
 * such line for psql's command and removes it from the dump, which would change data.
 */
function hasUnsafeText(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.includes('\\') && UNSAFE_LINE.test(buffer.toString('latin1'))
}

/** After each of JavaScript's line terminators; U+2028 and U+2029 as their bytes in UTF-8. */
const UNSAFE_LINE = /(?:[\n\r]|\xe2\x80[\xa8\xa9])\\(?:un)?restrict\b/i
