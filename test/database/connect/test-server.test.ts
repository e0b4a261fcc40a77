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

  it('comes back after a crash', async () => {
    const database = await server.createDatabase()
    await server.crash()
    await assert.rejects(database.query('SELECT 1'), { code: 'ECONNREFUSED' })
    await server.start()
    assert.deepEqual(await database.query('SELECT 1 AS one'), [{ one: 1 }])
  })
})
