import assert from 'node:assert/strict'
import { Refusals } from '../../../client/src/status/refusals'

describe('rejected logins', () => {
  const refused = { schemaUri: 'a', connection: 'refused', databaseLabel: 'crm', detail: 'wrong password' } as const

  it('are told once, however often commands try again, until the project was connected', () => {
    const refusals = new Refusals()
    assert.equal(refusals.isNew(refused), true)
    assert.equal(refusals.isNew({ ...refused, connection: 'connecting' }), false)
    assert.equal(refusals.isNew(refused), false)
    assert.equal(refusals.isNew({ ...refused, connection: 'connected' }), false)
    assert.equal(refusals.isNew(refused), true)
  })

  it('are others for another role, database or project', () => {
    const refusals = new Refusals()
    const others = [refused, { ...refused, detail: 'no such role' }, { ...refused, schemaUri: 'b' }]
    assert.deepEqual(
      others.map((each) => refusals.isNew(each)),
      [true, true, true],
    )
  })
})
