import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { dumpWithBuiltIn } from '../../../server/src/backup/built-in/run-built-in-dump'
import { dumpStructure } from '../../../server/src/backup/built-in/dump-structure'
import { startEmbeddedServer } from '../../../server/src/embedded/start-embedded-server'
import { withClient } from '../../../server/src/database/connect'
import { usePostgres } from '../../support/postgres'
import { until } from '../../support/until'
import { DIFFICULT_SQL, useFolder } from './support'

describe('built-in pg_dump', () => {
  const server = usePostgres()
  const folder = useFolder()
  const dump = (url: string, options: { args?: string[]; signal?: AbortSignal } = {}) =>
    dumpWithBuiltIn({
      url,
      args: options.args ?? [],
      outputPath: path.join(folder(), 'out.sql'),
      environment: process.env,
      signal: options.signal,
    })

  it('dumps the structure of a real server, so that it loads into an embedded one and comes out equal', async () => {
    const database = await server.createDatabase(DIFFICULT_SQL)
    const structure = await dumpStructure({ url: database.url })
    assert.match(structure, /CREATE TABLE public\."User"/)
    assert.doesNotMatch(structure, /INSERT INTO|OWNER TO|transaction_timeout|restrict|Dumped/)
    const embedded = await startEmbeddedServer()
    try {
      await withClient(embedded.url, {}, (client) => client.query(structure))
      // Another major version spells some things otherwise, so it is held against its own spelling.
      const spelled = await dumpStructure({ url: embedded.url })
      await withClient(embedded.url, {}, async (client) => {
        await client.query(
          'SET search_path = public; DROP SCHEMA "Other; Schema" CASCADE; DROP VIEW emails; DROP TABLE "User", log; DROP TYPE "Role"; DROP FUNCTION touch, two_statements',
        )
        await client.query(spelled)
      })
      assert.equal(await dumpStructure({ url: embedded.url }), spelled)
    } finally {
      await embedded.stop()
    }
  })

  it('takes only the schemas that are asked for, by their names and not as patterns', async () => {
    const database = await server.createDatabase(
      'CREATE SCHEMA "a*"; CREATE SCHEMA "ab"; CREATE SCHEMA "q""q"; CREATE TABLE "a*".t1 (); CREATE TABLE ab.t2 (); CREATE TABLE "q""q".t3 ()',
    )
    const structure = await dumpStructure({ url: database.url, schemas: ['a*', 'q"q'] })
    assert.match(structure, /t1/)
    assert.match(structure, /t3/)
    assert.doesNotMatch(structure, /t2/)
  })

  it('copes with a hundred tables in one LOCK and with values of 20 MB', async () => {
    const database = await server.createDatabase(`
      DO $$ BEGIN FOR i IN 1..400 LOOP
        EXECUTE format('CREATE TABLE %I (id int)', 'a_rather_long_name_so_that_the_lock_grows_' || i);
      END LOOP; END $$;
      CREATE TABLE big AS SELECT repeat('x', 20000000) AS value`)
    await dump(database.url)
    const text = fs.readFileSync(path.join(folder(), 'out.sql'), 'utf8')
    assert.ok(text.includes('x'.repeat(20_000_000)))
    assert.equal(text.match(/^CREATE TABLE /gm)?.length, 401)
  })

  it('refuses to leave out a line of data that looks like a command of psql', async () => {
    const database = await server.createDatabase(String.raw`CREATE TABLE t AS SELECT E'a\n\\restrict b' AS value`)
    await assert.rejects(dump(database.url), { code: 'backup-needs-pg-dump' })
    assert.deepEqual(fs.readdirSync(folder()), [])
  })

  it("shows the server's own error", async () => {
    const database = await server.createDatabase('CREATE TABLE secret (id int)')
    const role = await server.createRole()
    await assert.rejects(dump(role.urlFor(database)), {
      code: 'backup-not-permitted',
      why: /permission denied for table secret/,
    })
    await assert.rejects(dump(database.url, { args: ['--no-such-option'] }), {
      code: 'backup-failed',
      why: /unrecognized option/,
    })
  })

  it('gives up on a locked table', async () => {
    const database = await server.createDatabase('CREATE TABLE t (id int)')
    await withClient(database.url, {}, async (client) => {
      await client.query('BEGIN; LOCK TABLE public.t')
      await assert.rejects(dump(database.url, { args: ['--lock-wait-timeout=200ms'] }), { code: 'backup-table-locked' })
    })
  })

  it('can be cancelled while it waits, and leaves neither process nor file nor connection', async () => {
    const database = await server.createDatabase('CREATE TABLE t (id int)')
    const cancel = new AbortController()
    await withClient(database.url, {}, async (client) => {
      await client.query('BEGIN; LOCK TABLE public.t')
      const dumping = dump(database.url, { signal: cancel.signal })
      await until(async () => (await database.query(`SELECT FROM pg_locks WHERE NOT granted`)).length > 0)
      cancel.abort()
      await assert.rejects(dumping, { code: 'backup-cancelled' })
      await client.query('ROLLBACK')
    })
    await until(
      async () =>
        (
          await database.query(
            `SELECT FROM pg_stat_activity WHERE application_name LIKE '%pg_dump' AND datname = current_database()`,
          )
        ).length === 0,
    )
    assert.deepEqual(fs.readdirSync(folder()), [])
  })

  it('says that the connection broke when the server ends it', async () => {
    const database = await server.createDatabase('CREATE TABLE t (id int)')
    await withClient(database.url, {}, async (client) => {
      await client.query('BEGIN; LOCK TABLE public.t')
      const dumping = assert.rejects(dump(database.url), { code: 'connection-lost', why: /terminating connection/ })
      await until(
        async () =>
          (await database.query(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted`)).length > 0,
      )
      await dumping
    })
  })
})
