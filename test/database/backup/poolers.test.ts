import assert from 'node:assert/strict'
import pg from 'pg'
import { restoreIntoNewDatabase } from '../../../server/src/backup/restore/restore-elsewhere'
import { restoreBackup } from '../../../server/src/backup/restore/restore-backup'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { findPgBouncer, startPgBouncer } from '../migration/support/pgbouncer'
import { backUpTo, NOTHING_INSTALLED, useFolder } from './support'

describe('backups behind a pooler', () => {
  const server = usePostgres()
  const folder = useFolder()

  /** Its owner has every session take on the owner's role, a superuser's too. */
  async function lendingDatabase(): Promise<TestDatabase> {
    const owner = await server.createRole()
    const database = await server.createDatabase({ options: `OWNER ${owner.name}` })
    await database.query('CREATE SCHEMA own; CREATE TABLE own.t AS SELECT 1 AS a')
    await database.query(`ALTER DATABASE "${database.name}" SET role = '${owner.name}'`)
    return database
  }

  for (const tools of ['pg_dump', 'built-in'] as const) {
    const way = tools === 'built-in' ? NOTHING_INSTALLED : {}

    it(`with ${tools}: through a pooler in session mode, as a superuser whom the database's owner gave a role`, async function () {
      const program = findPgBouncer()
      if (program === null) this.skip()
      const database = await lendingDatabase()
      const pooler = await startPgBouncer(program, server, { mode: 'session', sessions: 9 })
      try {
        const backup = await backUpTo(folder(), pooler.through(database.url), { ...way, level: 2 })
        assert.equal(backup.level, 2)
      } finally {
        await pooler.stop()
      }
    })

    it(`with ${tools}: a pooler in transaction mode is refused, whose next client would have the search path of pg_dump`, async function () {
      const program = findPgBouncer()
      if (program === null) this.skip()
      const database = await server.createDatabase('CREATE TABLE t AS SELECT 1 AS a')
      const backup = await backUpTo(folder(), database.url, way)
      const pooler = await startPgBouncer(program, server, { mode: 'transaction', sessions: 5 })
      try {
        const url = pooler.through(database.url)
        const application = new pg.Client(url)
        await application.connect()
        try {
          await assert.rejects(backUpTo(folder(), url, way), { code: 'transaction-pooler' })
          const restoring = { path: backup.path, url, force: true, environment: process.env, ...way }
          await assert.rejects(restoreBackup(restoring), { code: 'transaction-pooler' })
          const { rows } = await application.query(`SELECT a, current_setting('search_path') AS path FROM t`)
          assert.deepEqual(rows, [{ a: 1, path: '"$user", public' }])
        } finally {
          await application.end()
        }
      } finally {
        await pooler.stop()
      }
    })

    it(`with ${tools}: in session mode, a new database is made as the superuser, whatever role the database's owner gave him`, async function () {
      const program = findPgBouncer()
      if (program === null) this.skip()
      const database = await lendingDatabase()
      const restored = `${database.name}_restored`
      const pooler = await startPgBouncer(program, server, { mode: 'session', sessions: 9 })
      try {
        const url = pooler.through(database.url)
        const backup = await backUpTo(folder(), url, { ...way, level: 3 })
        assert.equal(backup.level, 3, backup.proof)
        const options = { path: backup.path, url, database: restored, environment: process.env, ...way }
        const { comparison } = await restoreIntoNewDatabase(options)
        assert.deepEqual(comparison?.differences, [])
      } finally {
        await pooler.stop()
      }
      const owners = await database.query(
        `SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = '${restored}' OR datname LIKE 'prisma_audit_scratch%'`,
      )
      assert.deepEqual(owners, [{ owner: 'postgres' }])
    })
  }

  it('in transaction mode, a new database is refused before it is made', async function () {
    const program = findPgBouncer()
    if (program === null) this.skip()
    const database = await server.createDatabase('CREATE TABLE t AS SELECT 1 AS a')
    const backup = await backUpTo(folder(), database.url)
    // It serves no other database: a new one would be the first thing to fail.
    const pooler = await startPgBouncer(program, server, { mode: 'transaction', sessions: 5, database: database.name })
    try {
      const url = pooler.through(database.url)
      const options = { path: backup.path, url, database: `${database.name}_restored`, environment: process.env }
      await assert.rejects(restoreIntoNewDatabase(options), { code: 'transaction-pooler' })
    } finally {
      await pooler.stop()
    }
  })
})
