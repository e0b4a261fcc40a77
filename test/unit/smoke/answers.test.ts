import assert from 'node:assert/strict'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { ApplicationPolicy } from '../../../server/src/audit-fields/application-policy'
import { runChecks } from '../../../server/src/smoke/run-checks'
import { within } from '../../../server/src/signals'
import { createTranslate } from '../../../server/src/text/translate'

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

  it('are judged in the words of the reader', async () => {
    const bundle = fs.readFileSync(path.join(__REPOSITORY__, 'l10n/bundle.l10n.de.json'), 'utf8')
    const german = createTranslate(JSON.parse(bundle) as Record<string, string>, 'de')
    const server = http.createServer((request, response) => {
      if (request.url === '/broken') response.writeHead(500).end()
      else if (request.url === '/moved') response.writeHead(302, { location: '/login' }).end()
      else if (request.url === '/page') response.end('<p>')
      else if (request.url === '/empty') response.end()
      else if (request.url === '/gone') response.destroy()
      else response.end('[{ "b": 1 }, { "a": 2 }]')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const ready = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const login = { request: 'POST /broken', headers: {}, body: null, token: null, csrf: null }
    const check = (url: string, more: object = {}) => ({
      ...{ name: null, request: `GET ${url}`, headers: {}, body: null, login: false, status: null },
      ...{ expect: [{ path: 'a' }], ...more },
    })
    const checks = [
      ...['/broken', '/moved', '/page', '/empty'].map((url) => check(url)),
      check('/', { expect: [{ path: 'a' }, { path: '0.c' }, { path: 'a', equals: 1 }, { path: 'c', equals: 1 }] }),
      check('/', { login }),
    ]
    const signal = new AbortController().signal
    const run = async (some: object[]) => {
      const application = { ready, login: null, checks: some } as unknown as ApplicationPolicy
      const whyGone = () => Promise.resolve(some.length === 2 ? ['aus'] : [])
      return (await runChecks(application, signal, { t: german, whyGone })).map(({ problems }) => problems)
    }
    assert.deepEqual(await run(checks), [
      ['antwortete mit 500, erwartet war 200 bis 299'],
      ['antwortete mit 302 nach /login, erwartet war 200 bis 299'],
      ['die Antwort ist kein JSON (kein Content-Type): "<p>"'],
      ['die Antwort hat keinen Inhalt'],
      ['a: fehlt in 1 von 2', '0.c: fehlt', 'a: erwartet 1, gefunden 2', 'c: erwartet 1, gefunden nichts'],
      ['die Anmeldung POST /broken antwortete mit 500'],
    ])
    const [[lost = ''] = [], unsent] = await run([check('/gone'), check('/')])
    assert.match(lost, /^keine Antwort: /)
    assert.deepEqual(unsent, ['nicht gesendet: aus'])
    server.closeAllConnections()
    server.close()
  })
})
