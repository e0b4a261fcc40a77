import assert from 'node:assert/strict'
import { ModelTally, SaidReasons, type Ended } from '../../../client/src/tests/model-tally'

describe('the checks of a model that have no rows of their own', () => {
  const ended = (...states: Ended['state'][]) => {
    const tally = new ModelTally(states.length)
    const told = states.map((state, index) => tally.add(`${index}`, { state, milliseconds: 2 }))
    return { last: told.at(-1), early: told.slice(0, -1).filter((each) => each !== null), isComplete: tally.isComplete }
  }

  it('end as one with the last of them: passed, or skipped if none ran', () => {
    const isComplete = true
    const passed = { state: 'pass', milliseconds: 6 }
    assert.deepEqual(ended('skipped', 'pass', 'skipped'), { last: passed, early: [], isComplete })
    assert.deepEqual(ended('skipped', 'skipped'), {
      last: { state: 'skipped', milliseconds: 4 },
      early: [],
      isComplete,
    })
  })

  it('say nothing where one failed, which has a row then', () => {
    assert.deepEqual(ended('fail', 'pass'), { last: null, early: [], isComplete: true })
    assert.deepEqual(ended('pass', 'fail'), { last: null, early: [], isComplete: true })
  })

  it('have their results in rows of their own once the model is expanded, also before the last of them', () => {
    const tally = new ModelTally(3)
    tally.add('User/type', { state: 'pass', milliseconds: 2 })
    tally.add('User/index', { state: 'skipped', milliseconds: 0 })
    assert.deepEqual(
      ['User/type', 'User/index', 'User/trigger'].map((id) => tally.endOf(id)),
      [{ state: 'pass', milliseconds: 2 }, { state: 'skipped', milliseconds: 0 }, undefined],
    )
    assert.ok(!tally.isComplete)
  })

  it('say once why some were not run', () => {
    const reasons = new SaidReasons()
    const given = [
      'read only',
      'not proven',
      'read only',
      ...Array.from({ length: 200 }, (_, index) => `no table ${index}`),
    ]
    const said = given.filter((reason) => reasons.isNew(reason))
    assert.deepEqual(said.slice(0, 3), ['read only', 'not proven', 'no table 0'])
    assert.equal(said.length, 100)
  })
})
