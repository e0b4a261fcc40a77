import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import type pg from 'pg'
import { withClient } from '../../../server/src/database/connect'
import type { ConnectOptions } from '../../../server/src/database/open-client'
import { AuditError, describeError } from '../../../server/src/errors'
import { SEARCH_PATH, SET_LOCAL_SEARCH_PATH } from '../../../server/src/database/search-path'
import { withResumedSession } from '../../../server/src/migration/run/session/session'
import { usePostgres } from '../../support/postgres'
import { findPgBouncer, startPgBouncer } from '../migration/support/pgbouncer'

describe('withClient', () => {
  const server = usePostgres()

  async function failure(url: string, options: ConnectOptions = {}): Promise<AuditError> {
    const error: unknown = await withClient(url, options, () => Promise.resolve()).then(
      () => null,
      (e: unknown) => e,
    )
    assert.ok(error instanceof AuditError, String(error))
    return error
  }

  function openConnections(name: string) {
    return withClient(server.url, { applicationName: 'counter' }, async (client) => {
      const { rows } = await client.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = $1`,
        [name],
      )
      return rows[0]?.n
    })
  }

  it('gives a connection, and ends it whether the callback succeeds or fails', async () => {
    const options = { applicationName: 'released', statementTimeout: 1234, settings: { lock_timeout: '77ms' } }
    const seen = await withClient(server.url, options, async (client) => {
      const { rows } = await client.query<Record<string, string>>(
        `SELECT current_setting('application_name') AS name, current_setting('statement_timeout') AS statement,
           current_setting('lock_timeout') AS lock`,
      )
      return rows[0]
    })
    assert.deepEqual(seen, { name: 'released', statement: '1234ms', lock: '77ms' })
    const mine = new Error('mine')
    await assert.rejects(
      withClient(server.url, options, () => Promise.reject(mine)),
      mine,
    )
    assert.equal(await openConnections('released'), 0)
  })

  it('tries a wrong password once, and never shows it', async () => {
    const database = await server.createDatabase()
    const role = await server.createRole({ name: 'Tries "once"', password: 'right ü' })
    await withClient(role.urlFor(database), {}, (client) => client.query('SELECT 1'))
    const url = role.urlFor(database).replace(encodeURIComponent('right ü'), 'geh%65im%20%C3%BC')
    const error = await failure(url)
    assert.equal(error.code, 'wrong-password')
    assert.equal(server.log().split(`authentication failed for user "${role.name}"`).length - 1, 1)
    assert.doesNotMatch(describeError(error), /geh|65im/)
    assert.match(error.message, /"Tries "once"" on audit_/)
  })

  it('names each failure', async () => {
    const database = await server.createDatabase()
    const role = await server.createRole()
    const noPassword = `postgresql://${role.name}@127.0.0.1:${String(server.port)}/${database.name}`
    const check = async (url: string, code: string, options?: ConnectOptions) => {
      assert.equal((await failure(url, options)).code, code, url)
    }
    await check(server.url.replace(/\/postgres$/, '/no%20such'), 'database-missing')
    await check('postgresql://a:b@127.0.0.1:1/x', 'server-unreachable')
    await check('postgresql://a:b@host.invalid/x', 'server-unreachable')
    await check('postgresql://a:b@localhost/x?host=/no/such/folder', 'server-unreachable')
    await check(noPassword, 'password-missing', { environment: { PGPASSFILE: '/nowhere' } })
    await check('postgresql://nobody-such:b@127.0.0.1:' + String(server.port) + '/x', 'wrong-password')
    await check(`${server.url}?sslmode=require`, 'tls-failed')
    await check(`${server.url}?sslmode=verify-full&sslrootcert=/no/such.pem`, 'tls-failed')
    await check('mysql://a:b@localhost/x', 'database-not-postgresql')
    await check('prisma://accelerate.prisma-data.net/?api_key=secret', 'database-not-postgresql')
    await check('prisma+postgres://localhost:51213/?api_key=secret', 'database-not-postgresql')
    await check('localhost/x', 'database-url-invalid')
    await check('postgresql://a:b@localhost:70000/x', 'database-url-invalid')
    await database.query(`REVOKE CONNECT ON DATABASE "${database.name}" FROM public`)
    await check(role.urlFor(database), 'permission-denied')
  })

  it('does not wait for ever for a server that says nothing', async () => {
    const silent = net.createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as net.AddressInfo
    const url = `postgresql://a:b@127.0.0.1:${String(port)}/x`
    assert.equal((await failure(url, { connectTimeout: 50 })).code, 'server-unreachable')
    const controller = new AbortController()
    silent.once('connection', () => {
      controller.abort(new Error('stop'))
    })
    await assert.rejects(
      withClient(url, { signal: controller.signal }, () => Promise.resolve()),
      /stop/,
    )
    silent.close()
  })

  it('says what the server refused, and keeps the SQLSTATE inside the callback', async () => {
    const database = await server.createDatabase('CREATE TABLE t (id int)')
    const role = await server.createRole()
    const run = (url: string, sql: string, options: ConnectOptions = {}) =>
      withClient(url, options, async (client) => {
        await client.query(sql).catch((error: unknown) => {
          assert.ok(error instanceof Error && 'code' in error && !(error instanceof AuditError))
          throw error
        })
      })
    await assert.rejects(run(role.urlFor(database), 'SELECT * FROM public.t'), { code: 'permission-denied' })
    await assert.rejects(run(database.url, 'SELECT pg_sleep(9)', { statementTimeout: 500 }), {
      code: 'statement-timeout',
    })
    await withClient(database.url, {}, async (holder) => {
      await holder.query('BEGIN; LOCK TABLE public.t')
      const settings = { lock_timeout: '200ms' }
      await assert.rejects(run(database.url, 'BEGIN; LOCK TABLE public.t', { settings }), { code: 'lock-timeout' })
    })
    await assert.rejects(run(database.url, 'SELECT pg_terminate_backend(pg_backend_pid())'), {
      code: 'connection-lost',
    })
    await assert.rejects(run(database.url, 'SELECT nonsense'), { code: '42703' })
  })

  it('says when the server has no connection left', async () => {
    const database = await server.createDatabase()
    const role = await server.createRole({ attributes: 'CONNECTION LIMIT 1' })
    await withClient(role.urlFor(database), {}, async () => {
      assert.equal((await failure(role.urlFor(database))).code, 'too-many-connections')
    })
  })

  it('cancels the statement on the server when the signal fires', async () => {
    const controller = new AbortController()
    const reason = new Error('The user stopped it.')
    const options = { applicationName: 'cancelled', signal: controller.signal }
    const running = withClient(server.url, options, async (client) => {
      client.once('notice', () => {
        controller.abort(reason)
      })
      await client.query(`DO $$ BEGIN RAISE NOTICE 'begun'; PERFORM pg_sleep(60); END $$`)
    })
    await assert.rejects(running, reason)
    assert.equal(await openConnections('cancelled'), 0)
    assert.match(server.log(), /canceling statement due to user request/)
  })

  it('is no role that the owner of the database chose for a superuser, and is the one that the user chose', async () => {
    const owner = await server.createRole({ name: 'tenant' })
    const admin = await server.createRole({ name: 'admin', attributes: 'SUPERUSER' })
    const member = await server.createRole({ name: 'member' })
    const database = await server.createDatabase({ options: `OWNER ${owner.name}` })
    await server.createDatabase(`GRANT ${owner.name} TO ${member.name}`)
    const roleOf = async (user: string, options = '') => {
      const url = new URL(database.url)
      url.username = user
      url.password = user === 'postgres' ? url.password : (passwords.get(user) ?? '')
      const sql = 'SELECT CURRENT_USER AS role'
      const { rows } = await withClient(`${url.href}${options}`, {}, (client) => client.query<{ role: string }>(sql))
      return rows[0]?.role
    }
    const passwords = new Map([admin, member].map(({ name, password }) => [name, password]))
    await database.query(
      `SET SESSION AUTHORIZATION ${owner.name}; ALTER DATABASE "${database.name}" SET role = '${owner.name}'`,
    )
    assert.equal(await roleOf('postgres'), 'postgres')
    assert.equal(await roleOf(admin.name), admin.name)
    // It gains nothing by this role that it does not have anyway, and its objects are to belong to it.
    assert.equal(await roleOf(member.name), owner.name)
    await database.query(
      `SET ROLE none; ALTER DATABASE "${database.name}" RESET role; ALTER ROLE ${admin.name} SET role = '${owner.name}'`,
    )
    assert.equal(await roleOf(admin.name), owner.name)
  })

  for (const mode of ['transaction', 'session'] as const) {
    it(`is not that role behind a pooler in ${mode} mode either, whose sessions have it again and again`, async function () {
      const program = findPgBouncer()
      if (program === null) {
        this.test?.emit('note', 'PgBouncer is not installed: apt-get install pgbouncer')
        this.skip()
      }
      const owner = await server.createRole()
      const database = await server.createDatabase({ options: `OWNER ${owner.name}` })
      await database.query(`ALTER DATABASE "${database.name}" SET role = '${owner.name}'`)
      const pooler = await startPgBouncer(program, server, { mode, sessions: 3 })
      const sql = 'SELECT CURRENT_USER AS role'
      try {
        const url = pooler.through(database.url)
        await withClient(`${url}?pgbouncer=true`, {}, async (client) => {
          assert.deepEqual((await client.query(sql)).rows, [{ role: 'postgres' }])
          assert.equal((await client.query('BEGIN READ ONLY')).command, 'BEGIN')
          assert.deepEqual((await client.query(sql)).rows, [{ role: 'postgres' }])
          await client.query('COMMIT')
          // As our longer queries begin.
          const commented = `-- What\n-- and why.\n  SELECT CURRENT_USER AS role, current_setting('search_path') AS path`
          assert.deepEqual((await client.query(commented)).rows, [{ role: 'postgres', path: SEARCH_PATH }])
          // As the catalog is read: each result is found by the position of its statement.
          const text = `BEGIN; ${SET_LOCAL_SEARCH_PATH}; ${sql}; COMMIT`
          const results = (await client.query({ text, rowMode: 'array' })) as unknown as pg.QueryArrayResult[]
          const [begin, , found, commit] = results
          assert.deepEqual([begin?.command, found?.rows, commit?.command], ['BEGIN', [['postgres']], 'COMMIT'])
        })
        await withClient(url, {}, async (holder) => {
          await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
          const [exported] = (await holder.query<{ id: string }>('SELECT pg_export_snapshot() AS id')).rows
          await withClient(url, {}, async (client) => {
            const text = `BEGIN ISOLATION LEVEL REPEATABLE READ; SET TRANSACTION SNAPSHOT '${String(exported?.id)}'; ${sql}`
            const results = (await client.query(text)) as unknown as pg.QueryResult[]
            assert.deepEqual(
              results.map(({ command }) => command),
              ['BEGIN', 'SET', 'SELECT'],
            )
            assert.deepEqual(results[2]?.rows, [{ role: 'postgres' }])
          })
        })
        if (mode === 'session') {
          const options = { url, signal: undefined, waitForOther: 0 }
          const { rows } = await withResumedSession(options, ({ client }) => client.query(sql))
          assert.deepEqual(rows, [{ role: 'postgres' }])
        }
      } finally {
        await pooler.stop()
      }
    })
  }

  it('understands sockets, percent-encoding, PG variables and the parameters of Prisma', async () => {
    const database = await server.createDatabase({ name: 'Größe "x"' })
    const role = await server.createRole({ name: 'Jörg @home', password: 'a/b?c#d%e&f g' })
    const whoAmI = (url: string, environment: Record<string, string> = {}) =>
      withClient(url, { environment }, async (client) => {
        const { rows } = await client.query<Record<string, string>>(
          `SELECT current_user AS "user", current_database() AS database, current_schemas(false)::text AS path`,
        )
        return rows[0]
      })
    const expected = { user: role.name, database: database.name, path: '{pg_catalog}' }
    const port = String(server.port)
    const [user, password, name] = [role.name, role.password, database.name].map(encodeURIComponent)
    const login = `${String(user)}:${String(password)}`
    assert.deepEqual(await whoAmI(role.urlFor(database)), expected)
    assert.deepEqual(
      await whoAmI(`postgres://${login}@localhost:${port}/${String(name)}?host=${server.socketFolder}&pool_timeout=3`),
      expected,
    )
    assert.deepEqual(
      await whoAmI(`postgresql://${login}@${encodeURIComponent(server.socketFolder)}:${port}/${String(name)}`),
      expected,
    )
    const environment = { PGHOST: '127.0.0.1', PGPORT: port, PGUSER: role.name, PGPASSWORD: role.password }
    assert.deepEqual(await whoAmI('postgresql://', { ...environment, PGDATABASE: database.name }), expected)
    await database.query('CREATE SCHEMA "Über"')
    const all = 'connection_limit=1&pool_timeout=0&socket_timeout=5&connect_timeout=5&sslaccept=accept_invalid_certs'
    assert.deepEqual(await whoAmI(`${database.url}?schema=%C3%9Cber&${all}`), {
      ...{ user: 'postgres', database: database.name, path: '{pg_catalog}' },
    })
    // It is the server that answers, whatever the URL says.
    assert.deepEqual((await whoAmI(`${database.url}?schema=%C3%9Cber&pgbouncer=true`))?.path, '{pg_catalog}')
  })
})
