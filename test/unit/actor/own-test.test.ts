import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { renderModule, type ModuleForm } from '../../../server/src/actor/render-module'
import { renderTest, testRunnerOf } from '../../../server/src/actor/render-test'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { auditedOf, LEADS, TENANTS } from './audited'

describe("actor: the project's own test", () => {
  it('passes where the users have a key of several fields, too', async () => {
    const schema = TENANTS.replace('leads Lead[]', 'leads Lead[]\n  users User[]').replace(
      'updatedLeads Lead[]',
      'updatedLeads Lead[]\n  tenant Tenant @relation(fields: [tenantId], references: [id])',
    )
    const audited = auditedOf(schema)
    const { policy } = parsePolicy('{ "rules": [{ "models": ["Lead"], "require": ["updatedBy"] }] }')
    const sources = { schema: parseSchema([{ path: 'schema.prisma', text: schema }]), policy: policy! }
    const esm = { language: 'javascript', modules: 'esm', withoutActor: 'throw' } as const
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-actor-'))
    fs.writeFileSync(path.join(folder, 'tenants.mjs'), renderModule(audited, esm))
    fs.writeFileSync(path.join(folder, 'tenants.test.mjs'), renderTest(audited, sources, './tenants.mjs', esm))
    const environment = { ...process.env, NODE_TEST_CONTEXT: undefined }
    const flags = ['--test', '--test-reporter=tap', 'tenants.test.mjs']
    const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: folder, env: environment })
    fs.rmSync(folder, { recursive: true })
    assert.match(stdout, /# pass 2\n# fail 0\n# cancelled 0\n# skipped 1/)
  })

  it('says what runs it: Node only where imports name TypeScript files as they are', () => {
    const { policy } = parsePolicy('{}')
    const said = (specifier: string, language: ModuleForm['language']) =>
      /test runner: `(.*)` and/.exec(
        renderTest(auditedOf(LEADS), { schema: parseSchema([]), policy: policy! }, specifier, {
          language,
          modules: 'esm',
        }),
      )?.[1]
    assert.equal(said('./audit-actor.js', 'javascript'), 'node --test')
    assert.equal(said('./audit-actor.ts', 'typescript'), 'node --test')
    for (const specifier of ['./audit-actor', './audit-actor.js'])
      assert.equal(said(specifier, 'typescript'), 'npx tsx --test')
  })

  it("has the form of the project's own test runner, which would fail at a file of Node's", () => {
    const { policy } = parsePolicy('{}')
    const sources = { schema: parseSchema([]), policy: policy! }
    const written = (language: ModuleForm['language'], ...dependencies: string[]) => {
      const form = { language, modules: 'commonjs' } as const
      const text = renderTest(auditedOf(LEADS), sources, './audit-actor', form, testRunnerOf(dependencies))
      assert.equal(/runner: `npx (?:vitest run|jest)`/.test(text), dependencies.length > 0)
      assert.equal(text.includes("'node:test'"), dependencies.length === 0)
      assert.equal(text.includes('}, 60_000)'), dependencies.length > 0)
      assert.doesNotMatch(text, /__/)
      return text
    }
    // Vitest cannot be required.
    assert.match(written('javascript', 'vitest', 'jest'), /^import \{ test \} from 'vitest'$/m)
    assert.match(written('typescript', 'jest'), /require\('@jest\/globals'\)/)
    assert.doesNotMatch(written('typescript', 'jest', '@types/jest'), /@jest/)
    assert.match(written('javascript', 'jest'), /import\(resolve\(client/)
    assert.match(written('javascript'), /^const \{ test \} = require\('node:test'\)$/m)
  })
})
