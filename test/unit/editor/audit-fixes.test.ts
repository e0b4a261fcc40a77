import assert from 'node:assert/strict'
import { DEFAULT_POLICY, type Policy } from '../../../server/src/audit-fields/policy'
import { modelFieldsFixes } from '../../../server/src/editor/fixes/audit-fixes'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { createTranslate } from '../../../server/src/text/translate'
import { inProcessorSeconds } from '../../support/processor-time'

describe('editor: fixes that add audit fields', () => {
  it(
    'are found for thousands of selected models, each by itself',
    inProcessorSeconds(30, () => {
      const names = ['User', ...Array.from({ length: 4000 }, (_, index) => `Model${index}`)]
      const text = names.map((name) => `model ${name} {\n  id Int @id\n}\n`).join('')
      const schema = parseSchema([{ path: 'schema.prisma', text }])
      const policy: Policy = { ...DEFAULT_POLICY, rules: [{ models: ['Model*'], require: ['createdAt', 'updatedAt'] }] }
      const sources = { t: createTranslate(), schema, policy, unfit: new Set<string>(), policyFile: null }
      const titles = names.flatMap((name) => modelFieldsFixes(name, sources).map(({ title }) => title))
      assert.equal(titles.length, 4000)
      assert.equal(titles[0], 'Add updatedAt, createdAt to Model0')
    }),
  )
})
