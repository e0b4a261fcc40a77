import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { formatSchema } from '@prisma/internals'
import { prismaDdl, prismaDiff } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'
import { SAMPLE, sampleSql } from './support'

const SCHEMA_FILE = path.join(SAMPLE, 'backend', 'prisma', 'schema.prisma')

describe('the sample, as it is shipped', () => {
  const server = usePostgres()

  it("has a schema that Prisma's formatter leaves as it is", async () => {
    const text = fs.readFileSync(SCHEMA_FILE, 'utf8')
    assert.deepEqual(await formatSchema({ schemas: [['schema.prisma', text]] }), [['schema.prisma', text]])
  })

  it('has the tables that Prisma would make, and nothing else', async () => {
    const database = await server.createDatabase(await sampleSql())
    const structure = fs.readFileSync(path.join(SAMPLE, 'database', 'structure.sql'), 'utf8')
    assert.equal(structure.trim(), (await prismaDdl({ path: SCHEMA_FILE }, database.url)).trim())
    const { isEmpty, text } = await prismaDiff({ path: SCHEMA_FILE }, database.url)
    assert.ok(isEmpty, text)
    await database.drop()
  })

  it('has several users, of whom the first is not number 1, and some hundred leads', async () => {
    const database = await server.createDatabase(await sampleSql())
    const [row] = await database.query(
      `SELECT (SELECT array_agg(id ORDER BY id) FROM "User") AS users, (SELECT count(*)::int FROM "Lead") AS leads`,
    )
    assert.deepEqual(row, { users: [4, 5, 7, 8, 11], leads: 400 })
    const [added] = await database.query(
      `INSERT INTO "User" (email, name) VALUES ('new@example.com', 'New') RETURNING id`,
    )
    assert.deepEqual(added, { id: 12 })
    await database.drop()
  })
})
