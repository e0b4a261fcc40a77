import assert from 'node:assert/strict'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { newSchemaErrors } from '../../../server/src/schema/validation/new-schema-errors'

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
})
