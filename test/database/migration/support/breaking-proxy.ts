import { once } from 'node:events'
import net from 'node:net'

/** Stands between a client and a server, and cuts both off around chosen COMMITs. */
export interface BreakingProxy {
  /** The URL with the proxy's port. */
  through(url: string): string
  /** How many COMMITs came by. */
  readonly commits: number
  readonly cuts: number
  close(): Promise<void>
}

/**
 * `before`: the server never gets the COMMIT. `after`: it gets it and answers, and the client never hears. `breaks` says by
 * the number of the COMMIT, from 1, whether to cut there.
 */
export async function startBreakingProxy(
  port: number,
  when: 'before' | 'after',
  breaks: (commit: number) => boolean,
): Promise<BreakingProxy> {
  const count = { commits: 0, cuts: 0 }
  const sockets = new Set<net.Socket>()
  const proxy = net.createServer((client) => {
    const server = net.connect(port, '127.0.0.1')
    let isCutting = false
    const cut = () => {
      count.cuts++
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        client.destroy()
        server.destroy()
      })
    }
    client.on('data', (data) => {
      if (data.includes(COMMIT) && breaks(++count.commits)) {
        if (when === 'before') {
          cut()
          return
        }
        isCutting = true
      }
      server.write(data)
    })
    server.on('data', (data) => {
      if (isCutting) cut()
      else client.write(data)
    })
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.')
  return {
    through: (url) => url.replace(`127.0.0.1:${port}`, `127.0.0.1:${address.port}`),
    get commits() {
      return count.commits
    },
    get cuts() {
      return count.cuts
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}

/** A simple query's message, without its length. */
const COMMIT = Buffer.from('COMMIT\0')
