import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { DatabaseSession, type SessionOptions, type SessionState } from '../../../server/src/database/session'
import { freePort } from '../../support/network'
import { startSwitchingProxy } from '../../support/switching-proxy'
import { startPostgres, type TestServer, usePostgres } from '../../support/postgres'

describe('DatabaseSession', () => {
  const server = usePostgres()
  const sessions: DatabaseSession[] = []
  afterEach(() => Promise.all(sessions.splice(0).map((session) => session.close())))

  function open(url: string, options: SessionOptions = {}) {
    const states = new EventEmitter()
    const seen: string[] = []
    const onStateChange = (state: SessionState) => {
      seen.push(state.kind)
      states.emit(state.kind, state)
    }
    const session = new DatabaseSession(url, { firstRetry: 5, longestRetry: 20, ...options, onStateChange })
    sessions.push(session)
    return { session, seen, until: (kind: SessionState['kind']) => once(states, kind) }
  }

  const backend = (session: DatabaseSession) =>
    session.use(async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      return rows[0]?.pid
    })

  it('keeps one warm connection, a callback at a time, and ends it when idle', async () => {
    const { session, seen, until } = open(server.url, { idleTimeout: 20 })
    const pids = await Promise.all([backend(session), backend(session), backend(session)])
    assert.equal(new Set(pids).size, 1)
    await until('idle')
    assert.deepEqual(seen, ['connecting', 'connected', 'idle'])
    assert.notEqual(await backend(session), pids[0])
  })

  it('comes back by itself after a loss', async () => {
    const { session, until } = open(server.url)
    const pid = await backend(session)
    const database = await server.createDatabase()
    const connected = until('connected')
    const refusedMeanwhile = until('waiting').then(async ([state]: Extract<SessionState, { kind: 'waiting' }>[]) => {
      assert.equal((state?.error as { code?: string }).code, 'connection-lost')
      await assert.rejects(backend(session), { code: 'connection-lost' })
    })
    await database.query('SELECT pg_terminate_backend($1)', [pid])
    await refusedMeanwhile
    await connected
    assert.notEqual(await backend(session), pid)
  })

  it('keeps trying while the server is down, fails at once meanwhile, and finds it again', async () => {
    const own: TestServer = await startPostgres()
    try {
      const { session, until } = open(own.url)
      await backend(session)
      await own.crash()
      await until('waiting')
      await until('waiting')
      await assert.rejects(backend(session), { code: 'server-unreachable' })
      const connected = until('connected')
      await own.start()
      await connected
      assert.ok(await backend(session))
      await session.close()
    } finally {
      await own.stop()
    }
  })

  it('opens a new connection where the warm one was cut off while it was idle, but not where an answer takes too long', async () => {
    const proxy = await startSwitchingProxy(server.port)
    try {
      const { session, seen } = open(proxy.through(server.url), { longestUse: 1000 })
      const pid = await backend(session)
      proxy.switchTo(server.port)
      assert.notEqual(await backend(session), pid)
      assert.deepEqual(seen.slice(-2), ['connecting', 'connected'])
      let calls = 0
      const slow = session.use((client) => {
        calls++
        return client.query('SELECT pg_sleep(60)')
      })
      await assert.rejects(slow, { code: 'connection-lost' })
      assert.equal(calls, 1)
    } finally {
      await proxy.close()
    }
  })

  it('tries a loss once more for a command that waited while the loss came', async () => {
    const proxy = await startSwitchingProxy(await freePort())
    try {
      const { session } = open(proxy.through(server.url))
      const first = backend(session)
      const second = session.use(() => Promise.resolve('done'), { retried: 'a loss' })
      // Before the second's turn: its promise waits for the first's.
      first.catch(() => {
        proxy.switchTo(server.port)
      })
      await assert.rejects(first, { code: 'connection-lost' })
      assert.equal(await second, 'done')
    } finally {
      await proxy.close()
    }
  })

  it('never tries a refused password again until it is told to', async () => {
    const database = await server.createDatabase()
    const role = await server.createRole({ password: 'old' })
    const { session } = open(role.urlFor(database).replace(':old@', ':new@'))
    const tries = () => server.log().split(`authentication failed for user "${role.name}"`).length - 1
    for (let attempt = 0; attempt < 5; attempt++) await assert.rejects(backend(session), { code: 'wrong-password' })
    assert.equal(session.state.kind, 'refused')
    assert.equal(tries(), 1)
    await database.query(`ALTER ROLE "${role.name}" PASSWORD 'new'`)
    await assert.rejects(backend(session), { code: 'wrong-password' })
    assert.equal(await session.use(() => Promise.resolve('in'), { retried: 'a loss or a refusal' }), 'in')
    assert.equal(tries(), 1)
  })

  it('leaves no transaction behind when a callback fails or is cancelled', async () => {
    const { session } = open(server.url)
    const pid = await backend(session)
    const mine = new Error('mine')
    await assert.rejects(
      session.use(async (client) => {
        await client.query('BEGIN')
        throw mine
      }),
      mine,
    )
    const controller = new AbortController()
    const cancelled = session.use(async (client) => {
      client.once('notice', () => {
        controller.abort(mine)
      })
      await client.query(`BEGIN; DO $$ BEGIN RAISE NOTICE 'begun'; PERFORM pg_sleep(60); END $$`)
    }, controller)
    await assert.rejects(cancelled, mine)
    const status = await session.use((client) => client.query('SELECT 1').then(() => client.getTransactionStatus()))
    assert.equal(status, 'I')
    assert.equal(await backend(session), pid)
  })

  it('gives up a connection on which nothing is answered', async () => {
    const { session, until } = open(server.url, { longestUse: 30 })
    const cameBack = until('waiting').then(() => until('connected'))
    await assert.rejects(session.use((client) => client.query('SELECT pg_sleep(60)')))
    await cameBack
  })
})
