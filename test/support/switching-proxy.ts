import { once } from 'node:events'
import net from 'node:net'

/** One host and port behind which another server may be a moment later, as behind a DNS name. */
export interface SwitchingProxy {
  /** The URL with the proxy's port. */
  through(url: string): string
  /** From now on the other server answers; all existing connections are closed. */
  switchTo(port: number): void
  close(): Promise<void>
}

export async function startSwitchingProxy(firstPort: number): Promise<SwitchingProxy> {
  let target = firstPort
  const sockets = new Set<net.Socket>()
  const cutAll = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  const proxy = net.createServer((client) => {
    const server = net.connect(target, '127.0.0.1')
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => other.destroy())
      socket.pipe(other)
    }
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const { port } = proxy.address() as net.AddressInfo
  return {
    through: (url) => {
      const given = new URL(url)
      given.port = String(port)
      return given.href
    },
    switchTo: (other) => {
      target = other
      cutAll()
    },
    close: async () => {
      cutAll()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
