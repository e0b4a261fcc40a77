import assert from 'node:assert/strict'
import { interruptible } from '../../../server/src/terminal/interruptible'

describe('work that computes for long in a terminal', () => {
  it('gives its result or its own error', () => {
    const never = () => assert.fail()
    const result = { of: ['it'] }
    assert.equal(
      interruptible(() => result, never),
      result,
    )
    const error = new RangeError('its own')
    assert.throws(
      () =>
        interruptible(() => {
          throw error
        }, never),
      (thrown) => thrown === error,
    )
  })

  it('ends at an interrupt, in the middle of whatever it does', () => {
    const heard: string[] = []
    const forEver = () => {
      process.kill(process.pid, 'SIGINT')
      for (;;) heard.length = 0
    }
    assert.throws(() => interruptible(forEver, () => heard.push('interrupt')))
    assert.deepEqual(heard, ['interrupt'])
    const reason = new Error('stopped')
    assert.throws(
      () =>
        interruptible(forEver, () => {
          throw reason
        }),
      (thrown) => thrown === reason,
    )
  })
})
