import net from 'node:net'
import type { HostileServer } from './hostile-server'

/** What it sends after the login, until the client disconnects. */
export interface Flood {
  /** Before the first part: the description of the columns. */
  readonly head: Buffer
  readonly part: Buffer
}

/** A program that speaks enough of PostgreSQL's protocol to answer every query without end. */
export async function startEndlessServer(flood: Flood): Promise<HostileServer> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    let isIn = false
    let isFlooding = false
    const pour = () => {
      while (!socket.destroyed && socket.write(flood.part));
    }
    socket.on('drain', pour)
    socket.on('data', (bytes) => {
      if (bytes.length === 8) socket.write('N')
      else if (!isIn) {
        isIn = true
        socket.write(LET_IN)
      } else if (!isFlooding) {
        isFlooding = true
        socket.write(flood.head)
        pour()
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Rows with this many columns, each null or a text. */
export function rowsWithoutEnd(columns: number, text: string | null): Flood {
  const description = Buffer.concat(
    Array.from({ length: columns }, (_, index) =>
      Buffer.concat([
        Buffer.from(`c${String(index)}\0`),
        Buffer.alloc(6),
        int32(25),
        Buffer.from([255, 255]),
        Buffer.alloc(6),
      ]),
    ),
  )
  const value = text === null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(text)), Buffer.from(text)])
  const row = packet('D', Buffer.concat([int16(columns), ...Array.from({ length: columns }, () => value)]))
  const count = Math.max(1, Math.floor(100_000 / row.length))
  return {
    head: packet('T', Buffer.concat([int16(columns), description])),
    part: Buffer.concat(Array.from({ length: count }, () => row)),
  }
}

/** One row, whose only value claims to have a gigabyte. */
export function valueWithoutEnd(): Flood {
  const { head } = rowsWithoutEnd(1, null)
  const start = Buffer.concat([Buffer.from('D'), int32(1_000_000_010), int16(1), int32(1_000_000_000)])
  return { head: Buffer.concat([head, start]), part: Buffer.alloc(100_000, 'x') }
}

/** Notices instead of an answer. */
export function noticesWithoutEnd(): Flood {
  const notice = packet('N', Buffer.from(`SNOTICE\0VNOTICE\0C00000\0M${'x'.repeat(1000)}\0\0`))
  return { head: Buffer.alloc(0), part: Buffer.concat(Array.from({ length: 100 }, () => notice)) }
}

/** AuthenticationOk and ReadyForQuery. */
const LET_IN = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49])

function packet(kind: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
