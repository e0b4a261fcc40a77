import assert from 'node:assert/strict'
import { prismaDdl, prismaDiff, prismaDiffScript } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'

describe("Prisma's schema engine as ground truth", () => {
  const server = usePostgres()
  const schema = `
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["metrics", "views"]
}
model User {
  id   Int    @id @default(autoincrement())
  name String @unique
  code Char?
}
enum Char {
  A
  B
}
`

  it('makes the SQL of a schema, finds it equal, and names what differs', async () => {
    const database = await server.createDatabase({ sql: await prismaDdl(schema, server.url) })
    assert.deepEqual(await prismaDiff(schema, database.url), { isEmpty: true, text: 'No difference detected.' })
    await database.query('DROP INDEX "User_name_key"')
    const { isEmpty, text } = await prismaDiff({ 'a.prisma': schema }, database.url)
    assert.equal(isEmpty, false)
    assert.match(text, /Added unique index on columns \(name\)/)
    assert.match(await prismaDiffScript(schema, database.url), /CREATE UNIQUE INDEX "User_name_key"/)
  })
})
