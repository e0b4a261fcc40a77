import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { findsOnlySpecs } from '../../../server/src/commands/test-patterns'

describe('the name of a test that the settings of Jest or Vitest find:', () => {
  let top: string
  beforeEach(() => (top = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-patterns-'))))
  afterEach(() => fs.rmSync(top, { recursive: true }))

  const check = (what: string, expected: boolean, files: Readonly<Record<string, string>>) =>
    it(`${expected ? 'spec' : 'test'}, with ${what}`, () => {
      for (const [name, text] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(path.join(top, name)), { recursive: true })
        fs.writeFileSync(path.join(top, name), text)
      }
      assert.equal(findsOnlySpecs([path.join(top, 'api'), top]), expected)
    })

  check('no settings', false, {})
  check("NestJS's package.json", true, {
    'package.json': '{ "jest": { "rootDir": "src", "testRegex": ".*\\\\.spec\\\\.ts$" } }',
  })
  check('a list in package.json', true, {
    'package.json': '{ "jest": { "testMatch": ["**/__tests__/**/*.spec.ts", "<rootDir>/test/*.spec.ts"] } }',
  })
  check('a file of both', false, {
    'jest.config.ts': "export default {\n  testMatch: ['**/?(*.)+(spec|test).[jt]s?(x)'],\n}\n",
  })
  check('a file of specs alone', true, {
    'jest.config.js': "module.exports = {\n  testRegex: '.*\\\\.spec\\\\.ts$',\n}\n",
  })
  check('specs in one line', true, {
    'vitest.config.mts': "export default defineConfig({ test: { include: ['src/**/*.spec.ts'] } })\n",
  })
  check('specs in a comment', false, { 'jest.config.js': "module.exports = {\n  // testMatch: ['**/*.spec.ts'],\n}\n" })
  check('another in the package than in the repository', false, {
    'api/jest.config.js': "module.exports = { testMatch: ['**/*.test.ts'] }\n",
    'package.json': '{ "jest": { "testRegex": ".*\\\\.spec\\\\.ts$" } }',
  })
  check('a list that is never closed', false, {
    'jest.config.js': `module.exports = { ${'testMatch: ["*.spec.ts", '.repeat(2_000)}`,
  })
})
