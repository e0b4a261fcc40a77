import assert from 'node:assert/strict'
import type { Finding } from '../../../server/src/audit/finding'
import { toDiagnostic, WrittenDiagnostic } from '../../../server/src/lsp/diagnostics'

describe('A diagnostic is written as JSON would have it', () => {
  const finding = (parts: Partial<Finding> = {}): Finding => ({
    code: 'missing-owner-id',
    severity: 'warning',
    message: 'Says "ä 😀" \\ and more.',
    model: 'Lead',
    field: null,
    schemaName: 'public',
    table: 'Lead',
    column: 'ownerId',
    object: null,
    expected: null,
    actual: null,
    missingIn: 'both',
    file: '/a.prisma',
    range: { start: { line: 12, character: 6 }, end: { line: 12, character: 10 } },
    ...parts,
  })

  const check = (written: WrittenDiagnostic, of: Finding): void => {
    assert.equal(written.write(), JSON.stringify(toDiagnostic(of)))
    assert.equal(JSON.stringify(written), JSON.stringify(toDiagnostic(of)))
  }

  it('by itself', () => {
    for (const of of [finding(), finding({ severity: 'hint' }), finding({ code: 'column-missing' })]) {
      check(new WrittenDiagnostic(of), of)
    }
  })

  it('after it has moved, and where something else has come into its place', () => {
    const before = new WrittenDiagnostic(finding())
    before.write()
    const elsewhere = { start: { line: 13, character: 0 }, end: { line: 14, character: 2 } }
    for (const parts of [
      { range: elsewhere },
      { range: elsewhere, message: 'Says something else.' },
      { code: 'missing-updated-at' as const },
      { severity: 'error' as const },
      { missingIn: 'schema' as const },
    ]) {
      const of = finding(parts)
      check(new WrittenDiagnostic(of, before), of)
    }
  })
})
