import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { sendCancelRequest } from '../../../server/src/database/cancel-request'
import { connectionSettings } from '../../../server/src/database/connection-settings'

describe('a cancel request', () => {
  it('that the server never answers is given up, without an error that ends the process', async () => {
    const silent = net.createServer()
    const accepted = once(silent, 'connection') as Promise<[net.Socket]>
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as net.AddressInfo
    const stop = new AbortController()
    const settings = connectionSettings(`postgresql://u@127.0.0.1:${String(port)}/d`, {})
    const key = { processID: 1, secretKey: 2 }
    const request = sendCancelRequest(settings, { ssl: false }, key, stop.signal)
    const [socket] = await accepted
    const closed = once(socket, 'close')
    await once(socket, 'data')
    stop.abort()
    await assert.rejects(request, { name: 'AbortError' })
    // An uncaught error of our socket would fail this test.
    await closed
    silent.close()
  })
})
