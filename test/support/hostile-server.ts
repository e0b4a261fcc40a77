import net from 'node:net'

export interface HostileServer {
  readonly port: number
  stop(): Promise<void>
}

/** A program that speaks PostgreSQL's protocol as far as its first message to a client: an error with this text. */
export async function startHostileServer(error: {
  readonly code: string
  readonly message: string
}): Promise<HostileServer> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => {
      // The request for TLS is eight bytes long; N says that there is none. Whatever else comes is a login.
      if (bytes.length === 8 && bytes.readInt32BE(4) === TLS_REQUEST) socket.write('N')
      else socket.end(errorResponse(error))
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

function errorResponse({ code, message }: { readonly code: string; readonly message: string }): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0H${message}\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}
