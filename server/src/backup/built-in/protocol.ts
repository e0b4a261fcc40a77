/**
 * The small part of PostgreSQL's protocol that a relay between pg_dump and a server needs: where messages end, and the
 * start-up, which the relay answers itself because it has already logged in. Source:
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

/** A message's type and all its bytes. The first packets of a client have no type: they are `startup`. */
export interface Message {
  readonly type: string
  readonly bytes: Buffer
}

/** Reassembles messages from arbitrary chunks of the stream. */
export class MessageReader {
  private pieces: Uint8Array[] = []
  private pendingLength = 0
  /** Fewer bytes than this are no complete message, so that a long one is not reassembled with every chunk. */
  private neededLength = 0

  /** @param untyped whether the next message is a first packet, which begins with its length */
  constructor(private untyped = false) {}

  /** The messages that these bytes complete. The bytes must not change afterwards. */
  read(bytes: Uint8Array): Message[] {
    this.pieces.push(bytes)
    this.pendingLength += bytes.length
    if (this.pendingLength < this.neededLength) return []
    const pending = Buffer.concat(this.pieces)
    const messages: Message[] = []
    let start = 0
    for (;;) {
      const headerLength = this.untyped ? 4 : 5
      this.neededLength = headerLength
      if (pending.length < start + headerLength) break
      const end = start + headerLength + pending.readUInt32BE(start + headerLength - 4) - 4
      this.neededLength = end - start
      if (pending.length < end) break
      const message = pending.subarray(start, end)
      const type = this.untyped ? firstPacketType(message) : String.fromCharCode(message[0] ?? 0)
      messages.push({ type, bytes: message })
      // After an encryption request, another first packet follows.
      if (type === 'startup') this.untyped = false
      start = end
    }
    this.pieces = [pending.subarray(start)]
    this.pendingLength = pending.length - start
    return messages
  }
}

/** Codes of the first packets that do not start a session: SSLRequest and GSSENCRequest. */
const ENCRYPTION_REQUESTS = new Set([80_877_103, 80_877_104])

function firstPacketType(message: Buffer): 'startup' | 'encryption' {
  return message.length === 8 && ENCRYPTION_REQUESTS.has(message.readUInt32BE(4)) ? 'encryption' : 'startup'
}

/** "No encryption": there is no network between pg_dump and the relay. */
export const ENCRYPTION_REFUSED: Uint8Array = Buffer.from('N')

/** AuthenticationOk, the parameters, BackendKeyData (a dummy: there is nothing to cancel) and ReadyForQuery. */
export function greeting(parameters: ReadonlyMap<string, string>): Uint8Array {
  return Buffer.concat([
    message('R', int32(0)),
    ...[...parameters].map(([name, value]) => message('S', Buffer.from(`${name}\0${value}\0`))),
    message('K', int32(0), int32(0)),
    message('Z', Buffer.from('I')),
  ])
}

/** Whether the server answers this type of client message with ReadyForQuery: Query, Sync, FunctionCall. */
export function wantsAnswer(type: string): boolean {
  return type === 'Q' || type === 'S' || type === 'F'
}

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
