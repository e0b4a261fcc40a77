import assert from 'node:assert/strict'
import { usePostgres } from '../../support/postgres'

describe('the test server', () => {
  const server = usePostgres()

  it('makes databases and roles and drops them', async () => {
    const database = await server.createDatabase({
      sql: 'CREATE TABLE "Ü ""x" (id int); INSERT INTO "Ü ""x" VALUES (7)',
    })
    assert.deepEqual(await database.query('SELECT id FROM "Ü ""x" WHERE id = $1', [7]), [{ id: 7 }])
    const role = await server.createRole()
    assert.match(role.urlFor(database), /^postgresql:\/\/role_/)
    await database.drop()
    await assert.rejects(database.query('SELECT 1'), { code: '3D000' })
  })

  it('has a new session for each query', async () => {
    const database = await server.createDatabase({ sql: 'CREATE TABLE t (id int)' })
    const state = async () =>
      await database.query(`SELECT current_setting('search_path') AS path, to_regclass('pg_temp.own') AS own,
        (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory') AS locks`)
    const clean = [{ path: '"$user", public', own: null, locks: 0 }]
    assert.deepEqual(await state(), clean)
    await database.query(
      'SET search_path = pg_catalog; CREATE TEMPORARY TABLE own (id int); SELECT pg_advisory_lock(7)',
    )
    assert.deepEqual(await state(), clean)
    await database.query('BEGIN; INSERT INTO t VALUES (1)')
    await assert.rejects(database.query('SELECT 1 / 0'), { code: '22012' })
    assert.deepEqual(await database.query('SELECT id FROM t'), [])
    await database.query(`ALTER DATABASE "${database.name}" SET search_path = other`)
    assert.deepEqual(await state(), [{ ...clean[0], path: 'other' }])
  })

  it('has a new session after the last one was terminated, and for queries at the same time', async () => {
    const database = await server.createDatabase()
    const [session] = await database.query('SELECT pg_backend_pid() AS pid')
    const other = await server.createDatabase()
    await other.query('SELECT pg_terminate_backend($1)', [session?.pid])
    const session2 = async () => (await database.query('SELECT pg_backend_pid() AS pid'))[0]?.pid
    const pids = await Promise.all([session2(), session2(), session2()])
    assert.equal(new Set(pids).size, 3)
    const copy = await server.createDatabase({ template: database.name })
    assert.deepEqual(await copy.query('SELECT current_database() AS name'), [{ name: copy.name }])
  })

  it('comes back after a crash', async () => {
    const database = await server.createDatabase()
    await server.crash()
    await assert.rejects(database.query('SELECT 1'), { code: 'ECONNREFUSED' })
    await server.start()
    assert.deepEqual(await database.query('SELECT 1 AS one'), [{ one: 1 }])
  })
})
