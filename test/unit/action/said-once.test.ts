import assert from 'node:assert/strict'
import { saidOnce } from '../../../action/src/said-once'

describe('what both commands of the action say', () => {
  const file = 'prisma/migrations/1_a/migration.sql'
  const lines = (start: number, end: number) => ({
    start: { line: start, character: 0 },
    end: { line: end, character: 5 },
  })
  const syntax = {
    code: 'sql-syntax',
    severity: 'information',
    message: 'Rejected.',
    file,
    range: lines(3, 5),
  } as const
  const failed = { code: 'replay-failed', severity: 'error', message: 'Failed.', file, range: lines(4, 4) } as const

  it('of a statement that is why the replay fails is one error', () => {
    const [only, ...others] = saidOnce([syntax, failed])
    assert.deepEqual(others, [])
    assert.deepEqual([only?.code, only?.severity, only?.range], ['sql-syntax', 'error', syntax.range])
    assert.match(only?.message ?? '', /^Rejected\.\n.*cannot be replayed.*not compared\.$/)
  })

  it('of other statements, files and reasons stays as it is', () => {
    const unrelated = [
      { ...syntax, range: lines(0, 3) },
      { ...syntax, file: 'prisma/migrations/2_b/migration.sql' },
      { ...syntax, file: null },
      { ...syntax, code: 'index-not-concurrent' },
    ]
    for (const each of unrelated) assert.deepEqual(saidOnce([each, failed]), [each, failed])
    assert.deepEqual(saidOnce([syntax, syntax, { ...syntax, range: lines(9, 9) }]).length, 2)
  })
})
