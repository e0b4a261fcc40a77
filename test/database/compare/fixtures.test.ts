import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import type { Finding } from '../../../server/src/audit/finding'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { prismaDiff } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'
import { findings, isDrift } from './compare-support'

const FOLDER = path.join(__REPOSITORY__, 'test', 'fixtures', 'compare')

/**
 * A folder a case: schema, database, perhaps a policy, and every finding that there is to be. A mismatch writes what
 * there is beside it, as `.actual`; PRISMA_AUDIT_UPDATE=1 takes it for true.
 */
describe('compare: fixtures', () => {
  const server = usePostgres()

  for (const name of fs.readdirSync(FOLDER).sort()) {
    it(name, async () => {
      const read = (file: string): string => fs.readFileSync(path.join(FOLDER, name, file), 'utf8')
      const database = await server.createDatabase(read('database.sql'))
      const hasPolicy = fs.existsSync(path.join(FOLDER, name, 'prisma-audit.json'))
      const policy = hasPolicy ? parsePolicy(read('prisma-audit.json')).policy : null
      const schema = read('schema.prisma')
      const found = await findings(schema, database.url, policy)
      const truth = await prismaDiff(schema, database.url)
      checkGolden(name, found)
      assert.ok(
        truth.isEmpty || found.some((finding) => isDrift(finding) || finding.missingIn !== undefined),
        truth.text,
      )
      assert.ok(!truth.isEmpty || !found.some((finding) => isDrift(finding) && finding.severity === 'warning'))
    })
  }
})

function checkGolden(name: string, found: readonly Finding[]): void {
  const file = path.join(FOLDER, name, 'expected.json')
  const text = JSON.stringify(found.map(withRangeAsText), null, 2) + '\n'
  if (process.env.PRISMA_AUDIT_UPDATE === '1') fs.writeFileSync(file, text)
  const expected = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
  if (text !== expected) fs.writeFileSync(`${file}.actual`, text)
  assert.equal(text, expected)
}

/** On one line, which reads better; without the message's phrase, which says the same. */
function withRangeAsText({ range: { start, end }, ...finding }: Finding) {
  const range = `${String(start.line)}:${String(start.character)}-${String(end.line)}:${String(end.character)}`
  const told = Object.entries(finding).filter(([name, value]) => name !== 'phrase' && value !== null)
  return { ...Object.fromEntries(told), range }
}
