import assert from 'node:assert/strict'
import { restoreIntoNewDatabase } from '../../../server/src/backup/restore/restore-elsewhere'
import { usePostgres } from '../../support/postgres'
import { findPgBouncer, startPgBouncer } from '../migration/support/pgbouncer'
import { backUpTo, NOTHING_INSTALLED, useFolder } from './support'

describe('a new database behind a pooler', () => {
  const server = usePostgres()
  const folder = useFolder()

  for (const tools of ['pg_dump', 'built-in'] as const) {
    const way = tools === 'built-in' ? NOTHING_INSTALLED : {}

    it(`with ${tools}: in session mode, it is made as the superuser, whatever role the database's owner gave him`, async function () {
      const program = findPgBouncer()
      if (program === null) this.skip()
      const owner = await server.createRole()
      const database = await server.createDatabase({ options: `OWNER ${owner.name}` })
      await database.query('CREATE SCHEMA own; CREATE TABLE own.t AS SELECT 1 AS a')
      await database.query(`ALTER DATABASE "${database.name}" SET role = '${owner.name}'`)
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

  it('in transaction mode, it is refused before it is made', async function () {
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
