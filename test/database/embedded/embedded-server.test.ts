import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { AuditError } from '../../../server/src/errors'
import { loadLibraryWith } from '../../support/hostile-library'
import { startEmbeddedServer, type EmbeddedServer } from '../../../server/src/embedded/start-embedded-server'

describe('embedded server', () => {
  let server: EmbeddedServer

  before(async () => {
    server = await startEmbeddedServer({ extensions: ['citext', 'uuid-ossp', 'vector', 'no-such-extension'] })
  })

  after(() => server.stop())

  it('is PostgreSQL with triggers, concurrent indexes and advisory locks', async () => {
    await withConnection(server.url, async (client) => {
      await client.query(`CREATE TABLE "User" (id int PRIMARY KEY, "updatedAt" timestamp(3))`)
      await client.query(
        `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."updatedAt" := now(); RETURN NEW; END $$`,
      )
      await client.query('CREATE TRIGGER touch BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION touch()')
      await client.query('CREATE INDEX CONCURRENTLY i ON "User" ("updatedAt")')
      await client.query('INSERT INTO "User" VALUES (1); UPDATE "User" SET id = 2')
      const touched = await client.query(
        'SELECT "updatedAt" IS NOT NULL AS touched, pg_try_advisory_lock(1) AS locked FROM "User"',
      )
      assert.deepEqual(touched.rows, [{ touched: true, locked: true }])
    })
  })

  it('answers the query that waits behind one with parameters that fails', async () => {
    await withConnection(server.url, async (client) => {
      const failing = () => [
        assert.rejects(client.query('SELECT 1 / $1::int', [0]), /division by zero/),
        assert.rejects(client.query('SELEC $1', [0]), /syntax error/),
      ]
      for (let n = 0; n < 3; n++) {
        const tried = failing()
        const answers = await Promise.all([client.query('SELECT 2 AS n'), client.query('SELECT $1::int AS n', [3])])
        assert.deepEqual(
          answers.flatMap(({ rows }): unknown[] => rows),
          [{ n: 2 }, { n: 3 }],
        )
        await Promise.all(tried)
      }
    })
  })

  it('has the extensions that were asked for', async () => {
    await withConnection(server.url, async (client) => {
      await client.query('CREATE EXTENSION citext; CREATE EXTENSION "uuid-ossp"; CREATE EXTENSION vector')
      const answer = await client.query(
        `SELECT 'A'::citext = 'a' AS same, uuid_generate_v4() IS NOT NULL AS made, '[1,2]'::vector <-> '[1,3]' AS far`,
      )
      assert.deepEqual(answer.rows, [{ same: true, made: true, far: 1 }])
      await assert.rejects(client.query('CREATE EXTENSION ltree'), /not available/)
    })
  })

  it('serves many connections at once, and names and start-up options of any kind', async () => {
    const clients = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const client = new pg.Client({
          connectionString: server.url.replace('postgres:', 'someone:'),
          application_name: `client ${String(index)}`,
          options: '-c search_path=nowhere -c lock_timeout=1s',
          statement_timeout: 1000,
          query_timeout: 300_000,
        })
        await client.connect()
        return client
      }),
    )
    const answers = await Promise.all(
      clients.map(async (client, index) => {
        const seen: number[] = []
        for (let round = 0; round < 20; round++) {
          const answer = await client.query<{ sum: number }>('SELECT $1::int + $2::int AS sum', [index * 100, round])
          seen.push(...answer.rows.map((row) => row.sum))
        }
        return seen
      }),
    )
    assert.deepEqual(
      answers,
      clients.map((_, index) => Array.from({ length: 20 }, (_, round) => index * 100 + round)),
    )
    await Promise.all(clients.map((client) => client.end()))
  })

  it('admits no client without its password, whatever it sends first, and serves others meanwhile', async () => {
    const { port, password } = new URL(server.url)
    for (const wrong of ['postgres', '', password.slice(0, -1), `${password}\0`]) {
      const client = new pg.Client({ connectionString: server.url.replace(password, encodeURIComponent(wrong)) })
      await assert.rejects(client.connect(), /password/)
    }
    const ask = Buffer.from('Q\0\0\0\rSELECT 1\0', 'latin1')
    const startup = Buffer.from('\0\0\0\x17\0\x03\0\0user\0postgres\0\0', 'latin1')
    const tls = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
    for (const said of [[ask], [startup, ask], [tls, startup, ask], [Buffer.alloc(20_000, 1)]]) {
      const socket = net.connect(Number(port), '127.0.0.1')
      const heard: Buffer[] = []
      socket.on('data', (data: Buffer) => heard.push(data))
      socket.on('error', () => undefined)
      const closed = once(socket, 'close')
      socket.write(Buffer.concat(said))
      await withConnection(server.url, (client) => client.query('SELECT 1'))
      socket.end()
      await closed
      // Besides "no TLS" and the question for the password, the refusal at most.
      const answer = Buffer.concat(heard).toString('latin1').replace(/^N/, '').replace('R\0\0\0\b\0\0\0\x03', '')
      assert.match(answer, /^(?:E.*28P01.*)?$/s)
    }
  })

  it('forgets what a client has set when it says goodbye', async () => {
    await withConnection(server.url, async (other) => {
      await withConnection(server.url, (client) =>
        client.query(`SET search_path = ''; PREPARE p AS SELECT 1; SELECT pg_advisory_lock(7)`),
      )
      const left = await other.query(
        `SELECT current_setting('search_path') AS path, (SELECT count(*)::int FROM pg_prepared_statements) AS prepared,
         (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory') AS locks`,
      )
      assert.deepEqual(left.rows, [{ path: 'public', prepared: 0, locks: 0 }])
    })
    await withConnection(server.url, (client) =>
      client.query('BEGIN; CREATE TEMPORARY TABLE temporary (id int); COMMIT'),
    )
    const left = await withConnection(server.url, (client) => client.query(`SELECT to_regclass('temporary') AS name`))
    assert.deepEqual(left.rows, [{ name: null }])
  })

  it('rolls back the transaction of a client that goes away, and serves the others', async () => {
    const socket = new net.Socket()
    const gone = new pg.Client({ connectionString: server.url, stream: () => socket })
    gone.on('error', () => undefined)
    await gone.connect()
    await gone.query('CREATE TABLE kept (id int)')
    await gone.query('BEGIN; INSERT INTO kept VALUES (1)')
    const waiting = withConnection(server.url, (client) => client.query('SELECT * FROM kept'))
    // Ends without a word, as a killed process would.
    socket.destroy()
    assert.deepEqual((await waiting).rows, [])
  })

  it('keeps the data in a folder, which only one server may use', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-embedded-'))
    const dataFolder = path.join(folder, 'data')
    try {
      const first = await startEmbeddedServer({ dataFolder })
      await withConnection(first.url, (client) => client.query('CREATE TABLE t AS SELECT 42 AS answer'))
      await assert.rejects(startEmbeddedServer({ dataFolder }), (error) => {
        assert.ok(error instanceof AuditError)
        assert.equal(error.code, 'embedded-server-failed')
        assert.match(error.why, /in use by another embedded server \(process \d+\)/)
        return true
      })
      await first.stop()
      const second = await startEmbeddedServer({ dataFolder })
      const answer = await withConnection(second.url, (client) => client.query('SELECT answer FROM t'))
      assert.deepEqual(answer.rows, [{ answer: 42 }])
      await second.stop()
      assert.deepEqual(fs.readdirSync(folder), ['data'])
    } finally {
      fs.rmSync(folder, { recursive: true })
    }
  })

  it('lets SQL reach nothing of this machine', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-embedded-'))
    const written = path.join(folder, 'written')
    const write = `globalThis.process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(written)}, '')`
    try {
      await withConnection(server.url, async (client) => {
        const refused = (sql: string, reason: RegExp) => assert.rejects(client.query(sql), reason)
        await refused(loadLibraryWith(write), /Code generation from strings disallowed/)
        await refused(`LOAD '${path.join(__BUNDLE_FOLDER__, 'pglite.wasm')}'`, /No such file/)
        await refused(`SELECT pg_read_file('${__filename}')`, /No such file/)
        await refused(`COPY (SELECT 1) TO '${written}'`, /No such file/)
        await client.query('CREATE TABLE lines (line text)')
        await refused(`COPY lines FROM '${__filename}'`, /No such file/)
        await refused(`COPY lines FROM PROGRAM 'id'`, /could not execute command/)
        await refused(`COPY lines TO PROGRAM 'touch ${written}'`, /could not execute command/)
      })
      assert.deepEqual(fs.readdirSync(folder), [])
      if (process.platform === 'linux')
        assert.doesNotMatch(fs.readFileSync(`/proc/${String(server.processId)}/environ`, 'utf8'), /HOME=|PRISMA/)
    } finally {
      fs.rmSync(folder, { recursive: true })
    }
  })

  it('ends at an answer without end, and with its signal while it computes', async () => {
    const [talking, cancel] = [await startEmbeddedServer({ isShortLived: true }), new AbortController()]
    const computing = await startEmbeddedServer({ isShortLived: true, signal: cancel.signal })
    const loop = (statement: string) => `DO $$ BEGIN LOOP ${statement} END LOOP; END $$`
    const told = withConnection(talking.url, (client) => client.query(loop(`RAISE NOTICE '%', repeat('x', 9999999);`)))
    await Promise.all([assert.rejects(told), talking.ended])
    await withConnection(computing.url, async (client) => {
      const endless = client.query(loop(''))
      // Sent, and then taken up before anything else.
      await new Promise((resolve) => setImmediate(resolve))
      cancel.abort()
      await Promise.all([assert.rejects(endless), computing.ended])
    })
  })

  it('can be cancelled while it starts', async () => {
    const cancel = new AbortController()
    const starting = startEmbeddedServer({ signal: cancel.signal })
    cancel.abort()
    await assert.rejects(starting, { code: 'embedded-server-cancelled' })
  })

  it('is gone after stop, and stop may be called again', async () => {
    const short = await startEmbeddedServer()
    await Promise.all([short.stop(), short.stop()])
    await short.ended
    assert.throws(() => process.kill(short.processId, 0), { code: 'ESRCH' })
    await short.stop()
  })

  it('ends when its parent is killed', async () => {
    // The parent is another Node that starts the server just as we do, then is killed without a chance to tidy up.
    const parent = spawn(process.execPath, ['-e', PARENT], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const { port, password, child } = JSON.parse(line.toString()) as { port: number; password: string; child: number }
    const client = new pg.Client({
      connectionString: `postgresql://postgres:${password}@127.0.0.1:${String(port)}/postgres`,
    })
    const ended = new Promise((resolve) => client.once('end', resolve))
    client.on('error', () => undefined)
    await client.connect()
    // It hears of nothing while it computes.
    client.query('DO $$ BEGIN LOOP END LOOP; END $$').catch(() => undefined)
    parent.kill('SIGKILL')
    await ended
    await processEnd(child)
  })
})

const PARENT = `
const child = require('node:child_process').fork(${JSON.stringify(path.join(__BUNDLE_FOLDER__, 'embedded-server.mjs'))},
  [JSON.stringify({ dataFolder: null, extensions: [] })], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
child.once('message', ({ port, password }) => console.log(JSON.stringify({ port, password, child: child.pid })))
`

/** Polls, since the system tells only a parent when a process ends. */
async function processEnd(processId: number): Promise<void> {
  for (;;) {
    try {
      process.kill(processId, 0)
    } catch {
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function withConnection<T>(url: string, callback: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  // The query that waits for the answer rejects.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await callback(client)
  } finally {
    await client.end()
  }
}
