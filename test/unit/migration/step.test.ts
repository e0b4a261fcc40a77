import assert from 'node:assert/strict'
import { RUNS_EACH_TIME, step } from '../../../server/src/migration/plan/steps/step'

describe('a step', () => {
  const parts: Omit<Parameters<typeof step>[0], 'verify'> = {
    ...{ id: 'create-schema:a', title: 'Create schema "a"', schema: 'a', table: '' },
    kind: 'create-schema',
    ...{ up: ['CREATE SCHEMA a'], down: [] },
    lock: { mode: 'none', tables: [], duration: 'brief' },
    recipe: { builder: 'create-schema', parameters: { name: 'a' } },
  }

  it('has a check, or says that it runs each time', () => {
    assert.deepEqual(step({ ...parts, verify: RUNS_EACH_TIME }).verify, [])
    // @ts-expect-error -- without a check it would run each time, and say nothing of it
    step({ ...parts, verify: [] })
  })
})
