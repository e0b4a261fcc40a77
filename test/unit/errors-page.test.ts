import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'

describe('docs/errors.md', () => {
  it('lists the code of every AuditError, and no other', () => {
    const page = fs.readFileSync(path.join(__REPOSITORY__, 'docs', 'errors.md'), 'utf8')
    const listed = new Set([...page.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, code]) => code!))
    const sources = path.join(__REPOSITORY__, 'server', 'src')
    const used = new Set<string>()
    for (const name of fs.readdirSync(sources, { recursive: true }).map(String)) {
      if (!name.endsWith('.ts')) continue
      const text = fs.readFileSync(path.join(sources, name), 'utf8')
      const patterns = [/new AuditError\(\s*'([a-z-]+)'/g, /_(?:MISSING|INSTALLED|FAILED) = '([a-z-]+)'/g]
      for (const pattern of patterns) for (const [, code] of text.matchAll(pattern)) used.add(code!)
    }
    assert.deepEqual([...used].filter((code) => !listed.has(code)).sort(), [])
    assert.deepEqual([...listed].filter((code) => !mentions(sources, code)).sort(), [])
  })

  it('lists the codes of the refusals and warnings of a plan', () => {
    const page = fs.readFileSync(path.join(__REPOSITORY__, 'docs', 'errors.md'), 'utf8')
    const model = fs.readFileSync(path.join(__REPOSITORY__, 'server/src/migration/model.ts'), 'utf8')
    const [refusals = [], warnings = []] = ['RefusalCode', 'WarningCode'].map((type) => {
      const [, union = ''] = new RegExp(`export type ${type} =((?:\\s+\\| '[a-z-]+')+)`).exec(model) ?? []
      return [...union.matchAll(/'([a-z-]+)'/g)].map(([, code]) => code!)
    })
    const [, ofRefusals = '', ofWarnings = ''] = page.split(/^## .*$/m)
    assert.ok(refusals.length > 10 && warnings.length > 10)
    assert.deepEqual(
      refusals.filter((code) => !ofRefusals.includes(`\`${code}\``)),
      [],
    )
    assert.deepEqual(
      warnings.filter((code) => !ofWarnings.includes(`\`${code}\``)),
      [],
    )
  })
})

function mentions(folder: string, code: string): boolean {
  return fs
    .readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts'))
    .some((name) => fs.readFileSync(path.join(folder, name), 'utf8').includes(`'${code}'`))
}
