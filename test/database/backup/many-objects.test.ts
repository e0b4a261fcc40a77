import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { readContents } from '../../../server/src/backup/contents/read-contents'
import { EXPORT_READER } from '../../../server/src/backup/export/export-reader'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { foreseeLocks } from '../../../server/src/backup/restore/foresee-locks'
import { clearDatabase } from '../../../server/src/backup/sql/run-dump'
import { differencesOfContents } from '../../../server/src/backup/proof/compare-contents'
import { restoreBackup } from '../../../server/src/backup/restore/restore-backup'
import { withClient } from '../../../server/src/database/connect'
import { startPostgres, type TestServer } from '../../support/postgres'
import { backUpTo, EVERYTHING_SQL, exportTo, NOTHING_INSTALLED, useFolder } from './support'

describe('a server that allows fewer locks than a database has objects', () => {
  const folder = useFolder()
  const started: TestServer[] = []
  let server: TestServer
  before(async () => {
    server = await startPostgres({ settings: { max_connections: '10', max_locks_per_transaction: '40' } })
    started.push(server)
  })
  after(async () => {
    await Promise.all(started.map((each) => each.stop()))
  })
  const contentsOf = (url: string) => withClient(url, {}, (client) => readContents(client))

  /** Tables with an index each, in several transactions, because one could not lock them. */
  async function databaseOfTables(count: number) {
    const database = await server.createDatabase()
    await database.query(`CREATE PROCEDURE many() LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1..${count} LOOP
      EXECUTE format('CREATE TABLE t%s AS SELECT 1 AS id; ALTER TABLE t%s ADD PRIMARY KEY (id)', i, i);
      COMMIT; END LOOP; END $$`)
    await database.query('CALL many()')
    await database.query('DROP PROCEDURE many()')
    return database
  }

  it('can be backed up as long as pg_dump can lock the tables, and says so beyond that', async function () {
    const tables = 1000
    const database = await databaseOfTables(tables)
    for (const options of [
      ...(fs.existsSync(path.join(server.binFolder, 'pg_dump')) ? [{}] : []),
      { ...NOTHING_INSTALLED, way: EXPORT_WAY },
    ]) {
      const { manifest, path: file } = await backUpTo(folder(), database.url, { ...options, level: 2 })
      assert.equal(manifest.level, 2)
      const logged = server.log().length
      await assert.rejects(restoreBackup({ path: file, url: database.url, environment: process.env, force: true }), {
        code: 'restore-needs-locks',
        why: /^It would lock at least \d{1,2},\d{3} objects, and the server has room for about 1,\d{3} /,
      })
      assert.doesNotMatch(server.log().slice(logged), /out of shared memory/)
      assert.equal(manifest.contents?.tables.length, tables)
      assert.ok(manifest.contents.tables.every(({ rows }) => rows === 1))
    }
    const larger = await databaseOfTables(4000)
    for (const options of [{}, NOTHING_INSTALLED]) {
      await assert.rejects(backUpTo(folder(), larger.url, { ...options, level: 2 }), {
        code: 'backup-failed',
        nextStep: /^Raise max_locks_per_transaction/,
      })
    }
  })

  it('foresees nearly all locks of a transaction that empties a database, and none that it does not take', async () => {
    const database = await server.createDatabase(`${EVERYTHING_SQL}; SELECT lo_create(i) FROM generate_series(1, 9) i`)
    await withClient(database.url, {}, async (client) => {
      const { needed, outlook } = await foreseeLocks(client, null)
      assert.equal(outlook, 'fits')
      await client.query('BEGIN')
      await clearDatabase(client, 'CREATE SCHEMA public;', database)
      const { rows } = await client.query<{ taken: number }>(
        `SELECT count(DISTINCT (classid, objid, relation))::int AS taken FROM pg_catalog.pg_locks
         WHERE pid = pg_catalog.pg_backend_pid() AND locktype IN ('relation', 'object')
           AND (objid >= 16384 OR relation >= 16384 OR classid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass)`,
      )
      await client.query('ROLLBACK')
      const taken = rows[0]?.taken ?? 0
      assert.ok(needed <= taken && needed > 0.9 * taken, `${needed} foreseen, ${taken} taken`)
    })
  })

  it('takes a restore of them if a failure drops the database', async () => {
    const database = await server.createDatabase('SELECT lo_create(70000 + i) FROM generate_series(1, 4000) i')
    const file = await exportTo(folder(), database.url)
    const target = await server.createDatabase()
    const options = { path: file, url: target.url, environment: process.env }
    const refused = {
      code: 'restore-failed',
      why: /out of shared memory/,
      nextStep: /^Restore into a new database.*or raise/,
    }
    await assert.rejects(restoreBackup(options), refused)
    const full = await server.createDatabase('CREATE TABLE kept AS SELECT 1 AS id')
    await assert.rejects(restoreBackup({ ...options, url: full.url, force: true }), refused)
    assert.deepEqual(await full.query('SELECT id FROM kept'), [{ id: 1 }])
    await target.query(`ALTER DATABASE "${target.name}" SET log_statement = 'all'`)
    const logged = server.log().length
    await EXPORT_READER.restore({
      ...{ ...options, serverMajor: server.majorVersion, atomic: false, force: false, withoutOwners: false },
    })
    // Two of each object.
    const queries = server.log().slice(logged).split('LOG:  statement: ').length
    assert.ok(queries < 500, `${queries} queries for 8,000 statements`)
    const [before, after] = [await contentsOf(database.url), await contentsOf(target.url)]
    assert.deepEqual(differencesOfContents(before, after, { scope: 'database', withoutOwners: false }), [])
  })
})
