import assert from 'node:assert/strict'
import { AUDIT_FIELDS } from '../../../server/src/audit-fields/kinds'
import { DEFAULT_POLICY } from '../../../server/src/audit-fields/policy'
import { auditFieldEdits } from '../../../server/src/audit-fields/edits/audit-field-edits'
import { parseSchema } from '../../../server/src/schema/parse-schema'

describe('audit fields of thousands of models', () => {
  it('are written as fast where the client keeps relations, whose cycles are searched for once', () => {
    const names = Array.from({ length: 1500 }, (_, index) => `Model${index}`)
    const wanted = names.flatMap((model) => AUDIT_FIELDS.map((field) => ({ model, field })))
    const millisecondsFor = (relationMode: string): number => {
      // Whoever searches for cycles goes through all of them.
      const chain = ['User', ...names].map((name, index) => {
        const next = names[index]
        const reference = `  next ${next}? @relation("${next}", fields: [nextId], references: [id])\n  nextId Int?\n`
        return `model ${name} {\n  id Int @id\n${next === undefined ? '' : reference}}\n`
      })
      const head = `datasource db {\n  provider = "postgresql"\n  relationMode = "${relationMode}"\n}\n`
      const schema = parseSchema([{ path: 'a.prisma', text: `${head}${chain.join('')}` }])
      const times = [1, 2, 3].map(() => {
        const before = process.cpuUsage()
        assert.equal(auditFieldEdits(schema, DEFAULT_POLICY, wanted).length, names.length + 1)
        return process.cpuUsage(before).user / 1000
      })
      // A collection of garbage may hit one of them.
      return Math.min(...times)
    }
    const byDatabase = millisecondsFor('foreignKeys')
    const byClient = millisecondsFor('prisma')
    assert.ok(byClient < 4 * byDatabase, `${byClient.toFixed()} ms against ${byDatabase.toFixed()} ms`)
  })
})
