import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { readContents } from '../../../server/src/backup/contents/read-contents'
import { EXPORT_READER } from '../../../server/src/backup/export/export-reader'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { differencesOfContents } from '../../../server/src/backup/proof/compare-contents'
import { restoreBackup } from '../../../server/src/backup/restore/restore-backup'
import { withClient } from '../../../server/src/database/connect'
import { startPostgres, type TestServer } from '../../support/postgres'
import { backUpTo, exportTo, NOTHING_INSTALLED, useFolder } from './support'

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
      const { manifest } = await backUpTo(folder(), database.url, { ...options, level: 2 })
      assert.equal(manifest.level, 2)
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
