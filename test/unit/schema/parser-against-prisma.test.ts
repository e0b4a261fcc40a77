import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { asPrismaReads, readByPrisma } from './dmmf'
import { generatedSchema } from './generated-schema'

describe('the parser reads what Prisma reads', () => {
  it('in generated schemas', async function () {
    this.timeout(600_000)
    await fc.assert(
      fc.asyncProperty(generatedSchema(), ({ text }) => check(text)),
      { numRuns: 100 },
    )
  })
})

async function check(text: string): Promise<void> {
  const schema = parseSchema([{ path: 'schema.prisma', text }])
  assert.deepEqual(schema.files[0]?.problems, [])
  assert.deepEqual(asPrismaReads(schema), await readByPrisma(text))
}
