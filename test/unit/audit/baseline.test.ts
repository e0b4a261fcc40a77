import assert from 'node:assert/strict'
import { baselineOf, compareWithBaseline, parseBaseline, renderBaseline } from '../../../server/src/audit/baseline'
import type { Finding } from '../../../server/src/audit/finding'

const finding = (code: Finding['code'], model: string, more: Partial<Finding> = {}): Finding => ({
  ...{ code, model, severity: 'warning', message: 'words', field: null, schemaName: 'public', table: model },
  ...{ column: null, object: null, expected: null, actual: null, file: 'schema.prisma' },
  range: { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } },
  ...more,
})

describe('a baseline of known findings', () => {
  const known = [finding('column-type', 'User', { column: 'email' }), finding('table-missing', 'Post')]

  it('survives its file, sorted, and knows a finding whose place, words and figures are others', () => {
    const baseline = parseBaseline(renderBaseline(baselineOf([...known].reverse())))
    assert.ok(baseline !== null)
    assert.equal(renderBaseline(baseline), renderBaseline(baselineOf(known)))
    const moved = known.map((each) => ({
      ...each,
      message: 'other words',
      expected: 'text',
      range: { start: { line: 9, character: 2 }, end: { line: 9, character: 3 } },
    }))
    assert.deepEqual(compareWithBaseline(moved, baseline), { fresh: [], known: 2, gone: [] })
  })

  it('knows no finding of another column, code or model, nor what is wrong with a file', () => {
    const baseline = baselineOf([...known, finding('policy-invalid', 'User')])
    const fresh = [
      finding('column-type', 'User', { column: 'name' }),
      finding('column-nullability', 'User', { column: 'email' }),
      finding('table-missing', 'Comment'),
      finding('policy-invalid', 'User'),
    ]
    const compared = compareWithBaseline(fresh, baseline)
    assert.deepEqual(compared.fresh, fresh)
    assert.deepEqual(
      compared.gone.map(({ code }) => code),
      ['column-type', 'table-missing'],
    )
  })

  it('is nothing else than what was written: other forms are refused', () => {
    const others = ['', '{}', '[]', '{"formatVersion":2,"findings":[]}', '{"formatVersion":1,"findings":[{}]}']
    for (const text of [...others, '{"formatVersion":1,"findings":[{"code":"a","place":"b"}]}']) {
      assert.equal(parseBaseline(text), null, text)
    }
  })
})
