import assert from 'node:assert/strict'
import { AdminArea } from '../../../server/src/application/admin-area'
import { codeModels } from '../../../server/src/application/model-additions'
import { ReadScopes } from '../../../server/src/application/selects/read-scopes'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { addition, POLICY, SCHEMA } from './support'

/** How far a look goes, whatever the size of the file: without a bound, each look of a hostile file reads all of it. */
describe('application: looks at the text alone', () => {
  it('read an import no further than a thousand characters', () => {
    const imports = (length: number) => {
      const area = new AdminArea()
      area.update('admin/page.ts', 'admin/page.ts', `import { ${' '.repeat(length)}Leads } from './leads'`)
      return area.imports('Leads')
    }
    assert.equal(imports(900), true)
    assert.equal(imports(1100), false)
  })

  it('look for the declaration of a name in the 20,000 characters before a call', () => {
    const models = codeModels(parseSchema([{ path: 'schema.prisma', text: SCHEMA }]), POLICY, [
      addition('Lead', 'ownerId'),
    ])
    const ofOneUser = (length: number) => {
      const scopes = new ReadScopes(models)
      const text = `const where = { userId }\n${' '.repeat(length)}prisma.lead.findMany({ where })`
      scopes.update('leads.ts', 'leads.ts', text)
      return [...scopes.ofOneUser()]
    }
    assert.deepEqual(ofOneUser(19_000), ['Lead'])
    assert.deepEqual(ofOneUser(21_000), [])
  })
})
