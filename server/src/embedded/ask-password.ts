import { timingSafeEqual } from 'node:crypto'
import type { Socket } from 'node:net'

/**
 * Asks a new client for the password, in PostgreSQL's protocol, and calls `accept` if it is correct; the socket then
 * holds the client's first messages, for the server to read. Every user of the machine can reach the port, and
 * pglite-socket itself accepts every client.
 */
export function askPassword(socket: Socket, password: string, accept: () => void): void {
  let received = Buffer.alloc(0)
  let startup: Buffer | null = null
  socket.setTimeout(PATIENCE, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('data', hear)

  function hear(data: Buffer): void {
    received = Buffer.concat([received, data])
    if (received.length > LONGEST) socket.destroy()
    while (!socket.destroyed) {
      const message = startup === null ? take(0) : take(1)
      if (message === null) return
      if (startup !== null) {
        answer(message, startup)
        return
      }
      const code = message.readInt32BE(4)
      if (ENCRYPTION_REQUESTS.has(code)) socket.write('N')
      else if (code === PROTOCOL_3) {
        startup = message
        socket.write(CLEARTEXT_PASSWORD)
      } else socket.destroy()
    }
  }

  /**
   * The next complete message; null until all of it has arrived. Its length follows `prefix` bytes: the first message
   * has no type byte.
   */
  function take(prefix: 0 | 1): Buffer | null {
    const least = prefix === 0 ? 8 : 5
    if (received.length < least) return null
    const end = prefix + received.readInt32BE(prefix)
    if (end < least || end > LONGEST) socket.destroy()
    if (socket.destroyed || received.length < end) return null
    const message = received.subarray(0, end)
    received = received.subarray(end)
    return message
  }

  function answer(message: Buffer, first: Buffer): void {
    socket.off('data', hear)
    const given = message.subarray(5, -1)
    const expected = Buffer.from(password)
    if (message[0] !== PASSWORD_MESSAGE || given.length !== expected.length || !timingSafeEqual(given, expected)) {
      socket.end(WRONG_PASSWORD)
      return
    }
    socket.setTimeout(0)
    socket.pause()
    socket.unshift(Buffer.concat([first, received]))
    accept()
    // When the server listens, which it does one immediate later.
    setImmediate(() => socket.resume())
  }
}

/** How long a client may take to log in, in milliseconds. */
const PATIENCE = 10_000

/** More than any client sends before it has logged in, in bytes. */
const LONGEST = 10_000

const PROTOCOL_3 = 196_608

/** SSLRequest and GSSENCRequest. */
const ENCRYPTION_REQUESTS: ReadonlySet<number> = new Set([80_877_103, 80_877_104])

const PASSWORD_MESSAGE = 'p'.charCodeAt(0)

/** AuthenticationCleartextPassword: it is sent over the loopback interface, which only root can capture. */
const CLEARTEXT_PASSWORD = Buffer.from([...Buffer.from('R'), 0, 0, 0, 8, 0, 0, 0, 3])

const WRONG_PASSWORD = errorResponse('SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "postgres"\0\0')

function errorResponse(fields: string): Buffer {
  const message = Buffer.alloc(5 + fields.length)
  message.write('E')
  message.writeInt32BE(4 + fields.length, 1)
  message.write(fields, 5)
  return message
}
