import net from 'node:net'

export interface HostileServer {
  readonly port: number
  stop(): Promise<void>
}

export interface HostileAnswer {
  readonly code: string
  readonly message: string
  /** Accept every login and answer each query with it; otherwise answer each login with it. */
  readonly afterLogin?: boolean
}

/** A program that speaks enough of PostgreSQL's protocol to answer everything with an error of this text. */
export async function startHostileServer(error: HostileAnswer): Promise<HostileServer> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    let isIn = false
    socket.on('data', (bytes) => {
      // The request for TLS is eight bytes long; N declines it. Any other first packet is a login.
      if (bytes.length === 8 && bytes.readInt32BE(4) === TLS_REQUEST) socket.write('N')
      else if (error.afterLogin !== true) socket.end(errorResponse(error))
      else if (!isIn) {
        isIn = true
        socket.write(Buffer.concat([LET_IN, parameter('server_version', error.message.slice(0, 200)), READY]))
      } else if (bytes.includes('Q') || bytes.includes('S')) {
        socket.write(Buffer.concat([noticeResponse(error), errorResponse(error), READY]))
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

const TLS_REQUEST = 80877103

/** AuthenticationOk and ReadyForQuery. */
const LET_IN = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0])
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

function errorResponse({ code, message }: HostileAnswer): Buffer {
  return packet('E', `SERROR\0VERROR\0C${code}\0M${message}\0H${message}\0\0`)
}

function noticeResponse({ message }: HostileAnswer): Buffer {
  return packet('N', `SNOTICE\0VNOTICE\0C00000\0M${message}\0\0`)
}

function parameter(name: string, value: string): Buffer {
  return packet('S', `${name}\0${value}\0`)
}

function packet(kind: string, body: string): Buffer {
  const fields = Buffer.from(body)
  const head = Buffer.alloc(5)
  head.write(kind)
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}
