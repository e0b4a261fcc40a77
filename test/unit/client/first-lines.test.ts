import assert from 'node:assert/strict'
import { firstLines } from '../../../client/src/tests/first-lines'

describe('the rows of models in the Test Explorer', () => {
  it('are at the first of their checks, also after lines were inserted above: they only ever went up', () => {
    const checks = [
      { model: 'User', line: 12 },
      { model: 'Lead', line: 20 },
      { model: 'User', line: 9 },
    ]
    assert.deepEqual(
      [...firstLines(checks)],
      [
        ['User', 9],
        ['Lead', 20],
      ],
    )
    const inserted = checks.map(({ model, line }) => ({ model, line: line + 3 }))
    assert.equal(firstLines(inserted).get('User'), 12)
  })
})
