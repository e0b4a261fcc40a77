import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { AUDIT_FIELD_KINDS } from '../../../server/src/audit-fields/kinds'

/** Prisma's own attribute `@updatedAt`, which has the name of a kind. */
const PRISMAS_ATTRIBUTE = ['expected/columns.ts', 'schema/edits/attribute-order.ts', 'schema/lookup.ts']

describe('the kinds of audit fields', () => {
  it('are spelled in server/src/audit-fields alone', () => {
    const sources = path.join(__REPOSITORY__, 'server', 'src')
    const words = AUDIT_FIELD_KINDS.flatMap(({ name, code }) => [name, code]).join('|')
    const spelled = new RegExp(
      `['"\`](?:${words})['"\`]|\\b(?:fields\\.|\\{ )(?:${words})\\b|^\\s*(?:${words}): ['"{[]`,
      'm',
    )
    const found = fs
      .readdirSync(sources, { recursive: true })
      .map((name) => String(name).replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.ts') && !name.startsWith('audit-fields/') && !PRISMAS_ATTRIBUTE.includes(name))
      .filter((name) => spelled.test(withoutComments(fs.readFileSync(path.join(sources, name), 'utf8'))))
    assert.deepEqual(found, [])
  })

  it('have a file and a section in docs/findings.md each', () => {
    const page = fs.readFileSync(path.join(__REPOSITORY__, 'docs', 'findings.md'), 'utf8')
    for (const { name, code } of AUDIT_FIELD_KINDS) {
      const file = `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`
      assert.ok(fs.existsSync(path.join(__REPOSITORY__, 'server', 'src', 'audit-fields', file)), file)
      assert.ok(page.includes(`\n### ${code}\n`), code)
    }
  })
})

function withoutComments(source: string): string {
  return source.replace(/\/\*[^]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}
