import assert from 'node:assert/strict'
import { AdminImports } from '../../../server/src/application/admin-imports'

/** How far a look goes, whatever the size of the file: without a bound, each look of a hostile file reads all of it. */
describe('application: looks at the text alone', () => {
  it('read an import no further than a thousand characters', () => {
    const imports = (length: number) => {
      const imported = new AdminImports()
      imported.update('admin/page.ts', 'admin/page.ts', `import { ${' '.repeat(length)}Leads } from './leads'`)
      return imported.includes('src/leads.ts', ['Leads'])
    }
    assert.equal(imports(900), true)
    assert.equal(imports(1100), false)
  })
})
