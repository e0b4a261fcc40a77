import assert from 'node:assert/strict'
import { AUDIT_FIELDS } from '../../../server/src/audit-fields/kinds'
import { DEFAULT_POLICY } from '../../../server/src/audit-fields/policy'
import { auditFieldEdits } from '../../../server/src/audit-fields/edits/audit-field-edits'
import { parseSchema } from '../../../server/src/schema/parse-schema'

describe('audit fields of thousands of models', () => {
  it('are written as fast where the client keeps relations, whose cycles are searched for once', function () {
    this.timeout(60_000)
    const names = Array.from({ length: 1500 }, (_, index) => `Model${index}`)
    const wanted = names.flatMap((model) => AUDIT_FIELDS.map((field) => ({ model, field })))
    const millisecondsFor = (relationMode: string): number => {
      const models = names.map((name) => `model ${name} {\n  id Int @id\n}\n`).join('')
      const head = `datasource db {\n  provider = "postgresql"\n  relationMode = "${relationMode}"\n}\n`
      const schema = parseSchema([{ path: 'a.prisma', text: `${head}model User {\n  id Int @id\n}\n${models}` }])
      const started = performance.now()
      assert.equal(auditFieldEdits(schema, DEFAULT_POLICY, wanted).length, names.length + 1)
      return performance.now() - started
    }
    // The first is not compiled yet, so it is no faster than it could be.
    const byDatabase = millisecondsFor('foreignKeys')
    const byClient = millisecondsFor('prisma')
    assert.ok(byClient < 4 * byDatabase, `${byClient.toFixed()} ms against ${byDatabase.toFixed()} ms`)
  })
})
