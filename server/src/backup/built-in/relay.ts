/**
 * Entry point of `dist/built-in-dump-relay.js`, a worker thread next to the one in which pg_dump runs and blocks. It
 * logs in to the server like all our connections (`withClient` handles TLS, SCRAM and certificates), then takes over
 * the connection's socket and relays bytes. This is the only place outside the database room that accesses internals of
 * `pg`, because there is no other way to get the socket of a connection that has logged in.
 */
import { workerData } from 'node:worker_threads'
import { withClient, type DatabaseClient } from '../../database/connect'
import { setUpReservedSession } from '../../database/pooled-search-path'
import { toFailure } from './failure'
import { askingForKnownColumnOptions } from './column-options'
import { ENCRYPTION_REFUSED, greeting, MessageReader, wantsAnswer } from './protocol'
import type { RelayAnswer, RelayData } from './messages'

const { url, environment, port, turns } = workerData as RelayData
const turn = new Int32Array(turns)

// The other thread blocks, and would block forever if this one died.
process.on('uncaughtException', (error) => {
  answer({ kind: 'failed', failure: toFailure(error) })
})

withClient(url, { applicationName: 'prisma-audit pg_dump', environment }, relay).then(
  () => {
    port.close()
  },
  (error: unknown) => {
    answer({ kind: 'failed', failure: toFailure(error) })
    port.close()
  },
)

function answer(message: RelayAnswer): void {
  port.postMessage(message)
  Atomics.add(turn, 0, 1)
  Atomics.notify(turn, 0)
}

/** Resolves when pg_dump disconnects; `withClient` then closes the connection. */
async function relay(client: DatabaseClient): Promise<void> {
  // The session that a pooler reserves for us has what the database's owner chose, until it is set for the session.
  await setUpReservedSession(client)
  const parameters = await readParameters(client)
  const { stream } = client.connection
  stream.removeAllListeners('data')
  await new Promise<void>((resolve) => {
    const fromProgram = new MessageReader(true)
    const fromServer = new MessageReader()
    let received: Buffer[] = []
    /** ReadyForQuery messages that pg_dump is owed. */
    let awaited = 0
    let isOver = false
    const deliver = () => {
      const bytes = Buffer.concat(received)
      received = []
      answer({ kind: 'bytes', bytes })
    }

    stream.on('data', (bytes: Buffer) => {
      received.push(bytes)
      const before = awaited
      for (const { type } of fromServer.read(bytes)) if (type === 'Z') awaited--
      if (before > 0 && awaited === 0) deliver()
    })
    stream.once('close', () => {
      isOver = true
      // The server's last message gives the reason. After it, pg_dump reads an end of stream, as with any lost
      // connection.
      if (awaited > 0) deliver()
    })

    port.on('message', (bytes: Uint8Array) => {
      for (const message of fromProgram.read(bytes)) {
        if (message.type === 'encryption') received.push(Buffer.from(ENCRYPTION_REFUSED))
        else if (message.type === 'startup') received.push(Buffer.from(greeting(parameters)))
        else if (message.type === 'X') resolve()
        else {
          if (wantsAnswer(message.type)) awaited++
          if (!isOver) stream.write(askingForKnownColumnOptions(message))
        }
      }
      if (awaited === 0 || isOver) deliver()
    })
    answer({ kind: 'ready' })
  })
}

/** The parameters that a server reports at start-up, as far as this server has them. */
async function readParameters(client: DatabaseClient): Promise<Map<string, string>> {
  const result = await client.query<{ name: string; value: string | null }>(
    'SELECT name, pg_catalog.current_setting(name, true) AS value FROM pg_catalog.unnest($1::pg_catalog.text[]) AS name',
    [REPORTED],
  )
  return new Map(result.rows.flatMap(({ name, value }) => (value === null ? [] : [[name, value]])))
}

const REPORTED = [
  'server_version',
  'server_encoding',
  'client_encoding',
  'is_superuser',
  'session_authorization',
  'DateStyle',
  'IntervalStyle',
  'TimeZone',
  'integer_datetimes',
  'standard_conforming_strings',
  'default_transaction_read_only',
  'in_hot_standby',
  'application_name',
]
