import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { LINT_CODES } from '../../../server/src/lint/codes'
import type { ScriptFinding } from '../../../server/src/report/lint'

describe('docs/lint.md', () => {
  it('has a section for each code, in the same order, and for nothing else', () => {
    const text = fs.readFileSync(path.join(__REPOSITORY__, 'docs', 'lint.md'), 'utf8')
    const sections = [...text.matchAll(/^### (.+)$/gm)].map((match) => match[1])
    assert.deepEqual(sections, [
      ...LINT_CODES,
      'migration-edited',
      'migration-out-of-order',
    ] satisfies ScriptFinding['code'][])
  })
})

describe('the tests of lint', () => {
  it('test each check', () => {
    const folder = path.join(__REPOSITORY__, 'test', 'unit', 'lint')
    const text = fs
      .readdirSync(folder)
      .map((name) => fs.readFileSync(path.join(folder, name), 'utf8'))
      .join('\n')
    const untested = LINT_CODES.filter((code) => !text.includes(`'${code}'`))
    assert.deepEqual(untested, [])
  })
})
