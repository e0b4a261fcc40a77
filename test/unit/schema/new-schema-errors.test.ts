import assert from 'node:assert/strict'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { newSchemaErrors, schemaErrors } from '../../../server/src/schema/validation/new-schema-errors'

describe('newSchemaErrors', () => {
  it('sees what an edit does to a model behind a byte order mark, in one file of several', async () => {
    const schema = parseSchema([
      { path: 'a.prisma', text: 'datasource db {\n  provider = "postgresql"\n}\n' },
      { path: 'b.prisma', text: '\uFEFFmodel Lead {\n  id Int @id\n}\n' },
    ])
    const place = { line: 2, character: 0 }
    const errorsAfter = (newText: string) =>
      newSchemaErrors(schema, [{ file: 'b.prisma', range: { start: place, end: place }, newText }])
    assert.deepEqual(await errorsAfter('  updatedAt DateTime @updatedAt\n'), [])
    assert.equal((await errorsAfter('  owner Nobody\n')).length, 1)
  })

  it('knows keys and indexes of views, which version 7 refuses, in a schema of an earlier version', async () => {
    const errorsOf = (url: string, generator = '') =>
      schemaErrors(
        parseSchema([
          {
            path: 'a.prisma',
            text: `${generator}datasource db {\n  provider = "postgresql"\n${url}}\n\nview V {\n  a Int\n  b Int @id\n\n  @@index([a])\n}
view W {\n  a Int\n  b Int\n  vs X[]\n\n  @@id([a, b])\n}\nview X {\n  a Int @unique\n  b Int\n  w W @relation(fields: [a, b], references: [a, b])\n}\n`,
          },
        ]),
      )
    const views = 'generator client {\n  provider = "prisma-client-js"\n  previewFeatures = ["views"]\n}\n'
    assert.deepEqual(await errorsOf('  url = env("DATABASE_URL")\n', views), [])
    assert.match((await errorsOf('', views))[0]?.message ?? '', /Views cannot have/)
  })
})
