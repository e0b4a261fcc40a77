import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ApplicationPolicy } from '../../../server/src/audit-fields/application-policy'
import { runChecks } from '../../../server/src/smoke/run-checks'
import { within } from '../../../server/src/signals'

describe('answers of an application', () => {
  it('may be nested without end, or trickle on without end, and the checks come to theirs', async () => {
    const server = http.createServer((request, response) => {
      if (request.url === '/deep') response.end('['.repeat(2_000_000) + ']'.repeat(2_000_000))
      else if (request.url === '/text') response.end(JSON.stringify({ a: '[{"\\'.repeat(2_000) }))
      else setInterval(() => response.write('x'), 10).unref()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const ready = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const check = (path: string) => ({
      ...{ name: null, request: `GET ${path}`, headers: {}, body: null, login: null, status: null },
      expect: [{ path: 'a' }],
    })
    const application = { ready, login: null, checks: [check('/deep'), check('/text')] } as unknown as ApplicationPolicy
    const results = await runChecks(application, new AbortController().signal)
    assert.deepEqual(
      results.map(({ problems }) => problems),
      [['no response: the response is nested more than 1000 levels deep'], []],
    )
    const trickling = within(100, [], async (signal) => (await fetch(ready, { signal })).text())
    await assert.rejects(trickling, { name: 'TimeoutError' })
    server.closeAllConnections()
    server.close()
  })
})
