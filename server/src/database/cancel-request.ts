import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import type { ConnectionSettings } from './connection-settings'
import type { TlsAttempt } from './tls-settings'

/** The key from the server's login response that cancels our statements. */
export interface BackendKey {
  readonly processID: number
  readonly secretKey: number
}

/**
 * Asks the server to cancel a connection's statement, with the protocol's CancelRequest. It needs no login and no free
 * connection. Only for a direct connection, never for what may be a pooler. Resolves when it was delivered; whether it
 * arrived in time is unknown.
 */
export async function sendCancelRequest(
  settings: ConnectionSettings,
  attempt: TlsAttempt,
  key: BackendKey,
  signal: AbortSignal,
): Promise<void> {
  const { host, port } = settings
  const plain = host.startsWith('/')
    ? net.connect(`${host}/.s.PGSQL.${String(port)}`)
    : net.connect({ host, port, noDelay: true })
  // The waits below tell of it; after they have given up themselves, an error that nobody hears would end the process.
  plain.on('error', () => undefined)
  const giveUp = () => plain.destroy(new Error('The cancel request took too long.'))
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    await once(plain, 'connect', { signal })
    const socket = attempt.ssl === false ? plain : await startTls(plain, host, attempt.ssl, signal)
    const request = Buffer.alloc(16)
    request.writeInt32BE(16, 0)
    request.writeInt32BE(CANCEL_REQUEST, 4)
    request.writeInt32BE(key.processID, 8)
    request.writeInt32BE(key.secretKey, 12)
    socket.end(request)
    socket.resume()
    // The server closes the connection once it has sent the signal.
    await once(socket, 'close', { signal })
  } finally {
    signal.removeEventListener('abort', giveUp)
    plain.destroy()
  }
}

const CANCEL_REQUEST = 80_877_102
const SSL_REQUEST = 80_877_103

async function startTls(plain: net.Socket, host: string, options: tls.ConnectionOptions, signal: AbortSignal) {
  const request = Buffer.alloc(8)
  request.writeInt32BE(8, 0)
  request.writeInt32BE(SSL_REQUEST, 4)
  plain.write(request)
  const [answer] = (await once(plain, 'data', { signal })) as [Buffer]
  if (answer.toString('latin1', 0, 1) !== 'S') throw new Error('The server no longer offers TLS.')
  const servername = net.isIP(host) === 0 ? { servername: host } : {}
  const secure = tls.connect({ ...options, ...servername, host, socket: plain })
  secure.on('error', () => undefined)
  await once(secure, 'secureConnect', { signal })
  return secure
}
