import { PGlite } from '@electric-sql/pglite'

type StreamOptions = Parameters<PGlite['execProtocolRawStream']>[1]

/**
 * A PGlite whose single session is reset when a client disconnects, as a real server would end the client's session.
 * Without this, pg_dump would leave its empty `search_path` and its prepared statements to all other clients.
 */
export class SharedSession extends PGlite {
  /** Set by the server: the number of connected clients, including the one that disconnects. */
  countClients: () => number = () => 1

  /** Set by the server, which then ends: no later answer of PostgreSQL could be trusted. */
  onBreakdown: (error: unknown) => void = () => undefined

  /** COPY … PROGRAM: there are no programs. Returning no file makes PostgreSQL report that. */
  override handleExternalCmd(command: string, mode: string): number {
    return command.startsWith('locale -a') ? super.handleExternalCmd(command, mode) : 0
  }

  override async execProtocolRawStream(message: Uint8Array, options: StreamOptions): Promise<void> {
    let bytes = 0
    const onRawData: StreamOptions['onRawData'] = (data) => {
      bytes += data.byteLength
      if (bytes > MOST_BYTES) this.onBreakdown(new Error('The result of one statement is too large.'))
      options.onRawData(data)
    }
    try {
      await this.answer(message, { ...options, onRawData })
    } catch (error) {
      this.onBreakdown(error)
      throw error
    }
  }

  private async answer(message: Uint8Array, options: StreamOptions): Promise<void> {
    // A client that closed its socket immediately after its Terminate message may have been missed.
    if (isStartup(message)) {
      await super.execProtocolRawStream(simpleQuery('DEALLOCATE ALL'), { onRawData: () => undefined })
    }
    if (message[0] !== TERMINATE) {
      await super.execProtocolRawStream(message, EXTENDED.has(message[0] ?? 0) ? untilSync(options) : options)
      return
    }
    const statements =
      this.countClients() <= 1 ? ['ROLLBACK', 'DISCARD ALL'] : ['ROLLBACK', ...LEAVE_OTHERS_THEIR_TABLES]
    // Not `exec`, which would wait for the turn in which this runs.
    for (const statement of statements)
      await super.execProtocolRawStream(simpleQuery(statement), { onRawData: () => undefined })
  }
}

/**
 * More than any answer to us. All of it stays in memory while a statement runs, because nothing is sent until it ends.
 */
const MOST_BYTES = 256 * 2 ** 20

/** What DISCARD ALL does, except that temporary tables and LISTENs of other clients are kept. */
const LEAVE_OTHERS_THEIR_TABLES = [
  'SET SESSION AUTHORIZATION DEFAULT',
  'RESET ALL',
  'DEALLOCATE ALL',
  'CLOSE ALL',
  'SELECT pg_advisory_unlock_all()',
]

const TERMINATE = 'X'.charCodeAt(0)

/** The first message of a client has no type byte: it starts with its length and the protocol version. */
function isStartup(message: Uint8Array): boolean {
  const { buffer, byteOffset, byteLength } = message
  return byteLength >= 8 && new DataView(buffer, byteOffset).getInt32(4) === PROTOCOL_3
}

const PROTOCOL_3 = 196_608

/** Parse, Bind, Describe, Execute, Close and Flush: the messages for a statement before its Sync. */
const EXTENDED: ReadonlySet<number> = new Set(Buffer.from('PBDECH'))

/**
 * A server sends ReadyForQuery once, after the Sync. PGlite also sends it after an error, and a client would take the
 * second one for the end of its next query and could not match the answer of that query.
 */
function untilSync(options: StreamOptions): StreamOptions {
  return {
    ...options,
    onRawData: (data) => {
      const rest = withoutReadyForQuery(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
      if (rest.length > 0) options.onRawData(rest)
    },
  }
}

/** Only in whole messages; data that starts within a message, such as long rows, does not end with this one. */
function withoutReadyForQuery(data: Buffer): Buffer {
  let last = 0
  let end = 0
  while (end + HEADER <= data.length) {
    last = end
    end += 1 + data.readInt32BE(end + 1)
    if (end < last + HEADER) return data
  }
  return end === data.length && data[last] === READY_FOR_QUERY ? data.subarray(0, last) : data
}

/** A type byte, and the four bytes of the length. */
const HEADER = 5

const READY_FOR_QUERY = 'Z'.charCodeAt(0)

function simpleQuery(text: string): Uint8Array {
  const message = Buffer.alloc(6 + Buffer.byteLength(text))
  message.write('Q')
  message.writeInt32BE(message.length - 1, 1)
  message.write(text, 5)
  return message
}
