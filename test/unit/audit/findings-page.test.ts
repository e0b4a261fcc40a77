import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { AUDIT_CODES } from '../../../server/src/audit-fields/kinds'
import {
  APPLICATION_CODES,
  DATABASE_CODES,
  DRIFT_CODES,
  POLICY_CODES,
  SCHEMA_CODES,
} from '../../../server/src/audit/finding'

describe('docs/findings.md', () => {
  it('has a section for each code, and for nothing else', () => {
    const text = fs.readFileSync(path.join(__REPOSITORY__, 'docs', 'findings.md'), 'utf8')
    const sections = [...text.matchAll(/^### (.+)$/gm)].map((match) => match[1])
    const codes = [
      ...AUDIT_CODES,
      ...DRIFT_CODES,
      ...DATABASE_CODES,
      ...SCHEMA_CODES,
      ...POLICY_CODES,
      ...APPLICATION_CODES,
    ]
    assert.deepEqual([...sections].sort(), [...codes].sort())
  })
})
