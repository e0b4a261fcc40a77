import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { commandLine } from '../support/command-line'
import { freePort } from '../support/network'

/** An application with a login: a launcher, as `npm run` is one, and the server as its child. */
const SERVER = `
import http from 'node:http'
import fs from 'node:fs'
import { spawn } from 'node:child_process'
fs.writeFileSync('pid', String(process.pid))
const users = [{ id: 4, name: 'Ada', updatedBy: null }, { id: 5, name: 'Bram', updatedBy: null }]
http.createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const send = (status, answer, headers = {}) => { response.writeHead(status, headers); response.end(JSON.stringify(answer)) }
  if (request.url === '/') return send(200, {})
  if (request.url === '/echo') return send(200, { key: request.headers['x-key'], headers: request.headers, body })
  if (request.url === '/key') return response.end('x'.repeat(40) + request.headers['x-key'])
  if (request.url === '/to-key') return send(302, {}, { location: '/keys/' + request.headers['x-key'] })
  if (request.url === '/log-key') { console.error(encodeURIComponent(request.headers['x-key']) + ' ' + body); process.exit(3) }
  if (request.url === '/hang') return
  if (request.url === '/page') { response.writeHead(200, { 'content-type': 'text/html' }); return response.end('<h1>Log in</h1>') }
  if (request.url === '/nothing') { response.writeHead(204); return response.end() }
  if (request.url === '/once') {
    const { cookie } = request.headers
    const headers = { 'set-cookie': [cookie === 'n=1' ? 'n=2' : 'n=1', 'old=; Max-Age=0'] }
    return send(cookie === undefined || cookie === 'n=1' ? 200 : 409, { cookie: cookie ?? '' }, headers)
  }
  if (request.url === '/parts') { response.write('{ "id": '); setImmediate(() => response.end('7 }')); return }
  if (request.url === '/crash') { console.error('out of luck'); process.exit(3) }
  if (request.url === '/crash-beside-worker') {
    spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    console.error('out of luck')
    process.exit(3)
  }
  if (request.url === '/away') return send(302, {}, { location: 'http://127.0.0.1:1/' })
  if (request.url === '/login') {
    const { password } = JSON.parse(body)
    return password === 'correct-horse-7' ? send(200, { session: { token: 't0k3n' } }, { 'set-cookie': 'session=s1; HttpOnly' }) : send(401, {})
  }
  // As NextAuth: the token is in a cookie (with its hash) and in the answer, and the login is a form that redirects.
  if (request.url === '/api/auth/csrf') return send(200, { csrfToken: 'c5rft0k3n' }, { 'set-cookie': 'csrf=c5rft0k3n%7Chash; HttpOnly' })
  if (request.url === '/api/auth/callback/credentials') {
    const form = new URLSearchParams(body)
    const isOurs = request.headers.cookie === 'csrf=c5rft0k3n%7Chash' && form.get('csrfToken')?.split('|')[0] === 'c5rft0k3n'
    if (!isOurs || form.get('password') !== 'correct-horse-7') return send(302, {}, { location: '/api/auth/signin?csrf=true' })
    return send(302, {}, { location: '/', 'set-cookie': ['next=s1', 'csrf=rotated%7Chash'] })
  }
  if (request.url === '/next') {
    const isIn = request.headers.cookie === 'csrf=rotated%7Chash; next=s1'
    return send(isIn ? (request.method === 'GET' || request.headers['x-csrf'] === 'rotated|hash' ? 200 : 403) : 401, { sent: request.headers['x-csrf'] ?? '' })
  }
  if (request.headers.authorization !== 'Bearer t0k3n' || request.headers.cookie !== 'session=s1') return send(401, {})
  if (request.method === 'PATCH') users[1].updatedBy = { name: 'Ada' }
  send(200, users)
}).listen(Number(process.argv[2]), '127.0.0.1')
`
const LAUNCHER = `
import { spawn } from 'node:child_process'
const detached = process.argv[3] === 'detached'
const server = spawn(process.execPath, ['server.mjs', process.argv[2]], { stdio: detached ? 'ignore' : 'inherit', detached })
if (detached) server.unref()
`

/** No database is needed. */
describe('prisma-audit smoke', () => {
  let folder: string
  let port: number
  before(async () => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-smoke-')))
    port = await freePort()
    write('schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\n')
    write('server.mjs', SERVER)
    write('launcher.mjs', LAUNCHER)
  })
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true })
  })
  const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text)

  const LOGIN = { request: 'POST /login', body: { password: '${SMOKE_PASSWORD}' }, token: 'session.token' }

  async function smoke(
    application: Readonly<Record<string, unknown>>,
    environment: Readonly<Record<string, string>> = {},
    words: readonly string[] = [],
  ) {
    const ready = `http://127.0.0.1:${String(port)}/`
    const start = [process.execPath, 'launcher.mjs', String(port)]
    write('prisma-audit.json', JSON.stringify({ application: { start, ready, ...application } }))
    const { exitCode, stdout, stderr } = await commandLine(['smoke', ...words], { folder, environment })
    return { exitCode, stdout, said: stdout + stderr }
  }

  it('starts it, logs in, sees a change follow, and stops the whole tree', async () => {
    const { exitCode, said } = await smoke(
      {
        login: LOGIN,
        checks: [
          { request: 'GET /users', login: false, status: 401 },
          { request: 'GET /users', expect: ['updatedBy'] },
          { name: 'Ada changes Bram', request: 'PATCH /users/5', body: { role: 'admin' } },
          { request: 'GET /users', expect: [{ path: '1.updatedBy.name', equals: 'Ada' }] },
        ],
      },
      { SMOKE_PASSWORD: 'correct-horse-7' },
    )
    assert.equal(exitCode, 0, said)
    assert.match(said, /launcher\.mjs/)
    assert.match(said, /PASS {2}Ada changes Bram/)
    assert.match(said, /passed all 4 checks/)
    assert.throws(() => process.kill(Number(fs.readFileSync(path.join(folder, 'pid'), 'utf8')), 0), { code: 'ESRCH' })
    await assert.rejects(fetch(`http://127.0.0.1:${String(port)}/`))
  })

  it('sends the headers of a check in place of its own, however they are written, and its cookies beside the login', async () => {
    const headers = {
      Authorization: 'Bearer other',
      'Content-Type': 'application/json; charset=utf-8',
      Cookie: 'mine=1',
    }
    const expect = [
      { path: 'headers.authorization', equals: 'Bearer other' },
      { path: 'headers.content-type', equals: 'application/json; charset=utf-8' },
      { path: 'headers.cookie', equals: 'session=s1; mine=1' },
    ]
    const { exitCode, said } = await smoke(
      { login: LOGIN, checks: [{ request: 'POST /echo', headers, body: {}, expect }] },
      { SMOKE_PASSWORD: 'correct-horse-7' },
    )
    assert.equal(exitCode, 0, said)
  })

  it('sends the CSRF token that a request gives: with a login like that of NextAuth, and in a header', async () => {
    const login = {
      request: 'POST /api/auth/callback/credentials',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: { password: '${SMOKE_PASSWORD}' },
      csrf: { request: 'GET /api/auth/csrf', token: 'csrfToken', field: 'csrfToken' },
    }
    const cookie = { request: 'GET /api/auth/csrf', cookie: 'csrf', header: 'X-CSRF' }
    const { exitCode, said } = await smoke(
      {
        login,
        checks: [
          { request: 'GET /next', expect: [{ path: 'sent', equals: '' }] },
          { request: 'POST /next', status: 403 },
          // The login changed the cookie, whose value is what the header has.
          {
            name: 'changed cookie',
            request: 'POST /next',
            login: { ...login, csrf: { ...login.csrf, token: null, cookie: 'csrf', header: 'X-CSRF' } },
          },
          { name: 'no token', request: 'GET /next', login: { ...login, csrf: null } },
          {
            name: 'header',
            request: 'POST /echo',
            login: { request: 'POST /echo', csrf: cookie },
            expect: ['headers.x-csrf'],
          },
          {
            name: 'nowhere',
            request: 'GET /next',
            login: { request: 'POST /echo', csrf: { ...cookie, cookie: 'xsrf' } },
          },
        ],
      },
      { SMOKE_PASSWORD: 'correct-horse-7' },
    )
    assert.equal(exitCode, 1, said)
    assert.match(said, /FAIL {2}no token .*\n {6}responded with 401/)
    assert.match(said, /FAIL {2}nowhere .*\n {6}GET \/api\/auth\/csrf responded with 200 and no CSRF token \(xsrf\)/)
    assert.match(said, /failed 2 of 6 checks/)
    assert.doesNotMatch(said, /c5rft0k3n/)
  })

  it('says what fails, follows no redirect, and shows no secret', async () => {
    const { exitCode, said } = await smoke(
      {
        login: LOGIN,
        checks: [
          { request: 'GET /users', expect: ['ownerId'] },
          { request: 'GET /away', login: false },
          { request: 'GET /users', login: { ...LOGIN, body: { password: 'wrong' } } },
          {
            request: 'GET /users',
            headers: { 'x-key': '${SMOKE_PASSWORD}' },
            expect: [{ path: 'name', equals: '${SMOKE_PASSWORD}' }],
          },
        ],
      },
      { SMOKE_PASSWORD: 'correct-horse-7' },
    )
    assert.equal(exitCode, 1, said)
    assert.match(said, /ownerId: missing in 2 of 2/)
    assert.match(said, /responded with 302 to http:\/\/127\.0\.0\.1:1, expected 200 to 299/)
    assert.match(said, /the login POST \/login responded with 401/)
    assert.doesNotMatch(said, /correct-horse-7/)
  })

  it('shows no secret that the application returns or prints, in whatever form and wherever it is cut', async () => {
    const key = `s3cr"t\\ ${'0123456789'.repeat(8)}`
    const headers = { 'x-key': '${SMOKE_KEY}' }
    const { exitCode, said } = await smoke(
      {
        login: LOGIN,
        checks: [
          {
            ...{ request: 'POST /echo', headers, body: { key: '${SMOKE_KEY}' } },
            expect: ['key', 'headers.authorization', 'headers.cookie', 'headers', 'body'].map((each) => ({
              ...{ path: each, equals: 1 },
            })),
          },
          { request: 'GET /key', headers, expect: ['id'] },
          { request: 'GET /to-key', headers },
          { request: 'POST /log-key', headers, body: { key: '${SMOKE_KEY}' } },
        ],
      },
      { SMOKE_PASSWORD: 'correct-horse-7', SMOKE_KEY: key },
    )
    assert.equal(exitCode, 1, said)
    assert.match(said, /key: expected 1, found "\*{5}"/)
    assert.match(said, /authorization: expected 1, found "Bearer \*{5}"/)
    assert.match(said, /cookie: expected 1, found "session=s1"/)
    assert.match(said, /body: expected 1, found "\{\\"key\\":\\"\*{5}\\"\}"/)
    assert.match(said, /not JSON \(no content type\): "x{40}\*{5}"/)
    assert.match(said, /302 to \/keys\/\*{5}/)
    assert.match(said, /\| \*{5} \{"key":"\*{5}"\}/)
    assert.doesNotMatch(said, /s3cr|012345|t0k3n/)
  })

  it('leaves nothing running if it is killed', async () => {
    const start = [process.execPath, 'launcher.mjs', String(port)]
    const ready = `http://127.0.0.1:${String(port)}/`
    write('prisma-audit.json', JSON.stringify({ application: { start, ready, checks: [{ request: 'GET /hang' }] } }))
    const cli = path.join(__BUNDLE_FOLDER__, 'cli.js')
    const child = spawn(process.execPath, [cli, 'smoke'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    for await (const text of child.stderr.setEncoding('utf8')) if ((said += String(text)).includes('Testing')) break
    const connection = net.connect(port, '127.0.0.1')
    await once(connection, 'connect')
    const closed = new Promise((resolve) => connection.on('error', () => undefined).once('close', resolve))
    child.kill('SIGKILL')
    await closed
    await assert.rejects(fetch(ready))
  })

  it('says what came in place of JSON, keeps cookies that change, and why nothing answers any more', async () => {
    const { exitCode, said } = await smoke({
      login: { request: 'GET /once' },
      checks: [
        { request: 'GET /once', expect: [{ path: 'cookie', equals: 'n=1' }] },
        { request: 'GET /once', status: 409 },
        { request: 'GET /parts', login: false, expect: [{ path: 'id', equals: 7 }] },
        { request: 'HEAD /parts', login: false },
        { request: 'GET /nothing', login: false, expect: ['id'] },
        { request: 'GET /page', login: false, expect: ['id'] },
        { request: 'GET /users', login: { request: 'GET /page', token: 'token' } },
        { request: 'GET /crash', login: false },
        { request: 'GET /users', login: false },
      ],
    })
    assert.equal(exitCode, 1, said)
    assert.match(said, /failed 5 of 9 checks/)
    assert.match(said, /FAIL {2}GET \/nothing .*\n {6}the response has no body/)
    assert.match(said, /the response is not JSON \(text\/html\): "<h1>Log in<\/h1>"/)
    assert.match(said, /the login GET \/page returned another response: the response is not JSON/)
    assert.match(said, /FAIL {2}GET \/crash .*\n {6}no response: .*\n {6}the application exited.*\n {8}\| out of luck/)
    assert.match(said, /FAIL {2}GET \/users .*\n {6}not sent: the application exited with code 0/)
    assert.equal(said.split('out of luck').length, 2, said)
  })

  it('says that it crashed although a process of it, such as a worker, lives on', async () => {
    const { said } = await smoke({
      start: [process.execPath, 'server.mjs', String(port)],
      checks: [{ request: 'GET /crash-beside-worker' }, { request: 'GET /' }],
    })
    assert.match(said, /no response: .*\n {6}the application exited with code 3\n {8}\| out of luck/)
    assert.match(said, /not sent: the application exited with code 3/)
  })

  it('ends by force what does not end when it is asked to, with its children, and says no word of it', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); require('node:http').createServer((_, response) => response.end('{}')).listen(${port})`
    const parent = `process.on('SIGTERM', () => {}); require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}])`
    const { exitCode, said } = await smoke({
      start: [process.execPath, '-e', `${parent}; setInterval(() => {}, 1000)`],
      checks: [{ request: 'GET /' }],
    })
    assert.equal(exitCode, 0, said)
    assert.doesNotMatch(said, /still listens/)
    await assert.rejects(fetch(`http://127.0.0.1:${String(port)}/`))
  })

  it('tests an application that listens on IPv6 only, and prints megabytes', async () => {
    const noisy = `for (let i = 0; i < 5000; i++) console.log('x'.repeat(999)); require('node:http').createServer((_, response) => response.end('{}')).listen(${port}, '::1')`
    const { exitCode, said } = await smoke({
      start: [process.execPath, '-e', noisy],
      ready: `http://[::1]:${String(port)}/`,
      checks: [{ request: 'GET /' }],
    })
    assert.equal(exitCode, 0, said)
  })

  it('says if the application left its process group and cannot be stopped', async () => {
    const start = [process.execPath, 'launcher.mjs', String(port), 'detached']
    const { exitCode, said } = await smoke({ start, checks: [{ request: 'GET /' }] })
    process.kill(Number(fs.readFileSync(path.join(folder, 'pid'), 'utf8')))
    assert.equal(exitCode, 0, said)
    assert.match(
      said,
      /Something is still listening on the port of http:\/\/127\.0\.0\.1:\d+\/: a process of the application that left its process group, or another program,/,
    )
  })

  it('refuses what it cannot do, with the reason', async () => {
    const checks = [{ request: 'GET /users' }]
    const missing = await smoke({ login: LOGIN, checks })
    assert.equal(missing.exitCode, 2)
    assert.match(missing.said, /SMOKE_PASSWORD/)

    const exits = { start: [process.execPath, '-e', 'console.error("no port"); process.exit(3)'], checks }
    const ended = await smoke(exits, {}, ['--format', 'json'])
    assert.deepEqual((JSON.parse(ended.stdout) as { error: unknown }).error, {
      code: 'application-ended',
      what: 'The application exited with code 3 before it was ready.',
      why: '  | no port',
      nextStep: 'Fix the cause and test again.',
      ...{ file: null, range: null },
    })
    const unknown = await smoke({ start: ['no-such-program-here'], checks })
    assert.match(unknown.said, /Could not start the application: no-such-program-here/)
    const done = await smoke({ start: [process.execPath, '-e', 'console.log("bye")'], timeoutSeconds: 1, checks })
    assert.match(done.said, /not ready after 1 s.*bye.*The application exited with code 0/s)
    const late = await smoke({
      start: [process.execPath, '-e', 'setInterval(() => {}, 1000)'],
      timeoutSeconds: 1,
      checks,
    })
    assert.match(late.said, /not ready after 1 s/)

    // It does not say that it is ready, so what answers later must not be taken for the application.
    let status = 503
    const other = http.createServer((_, response) => response.writeHead(status).end('{}')).listen(port, '127.0.0.1')
    try {
      const taken = await smoke({ checks })
      assert.match(taken.said, /another process already uses its port.*127\.0\.0\.1:\d+ accepted connections/s)
      status = 200
      const running = await smoke({ start: null, checks })
      assert.equal(running.exitCode, 0, running.said)
    } finally {
      other.close()
      other.closeAllConnections()
    }
  })
})
