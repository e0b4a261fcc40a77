import assert from 'node:assert/strict'
import { TookTooLong, withinTime } from '../../../server/src/text/within-time'

describe('work within a time', () => {
  it('returns and throws what the work does', () => {
    assert.deepEqual(
      withinTime(1000, () => ({ a: [1] })),
      { a: [1] },
    )
    const failure = new RangeError('of its own')
    const thrown = (): never => {
      throw failure
    }
    assert.throws(
      () => withinTime(1000, thrown),
      (error) => error === failure,
    )
  })

  it('ends what does not end, and runs the next one', () => {
    const endless = (): never => {
      for (;;);
    }
    assert.throws(() => withinTime(0.5, endless), TookTooLong)
    assert.equal(
      withinTime(1000, () => 2),
      2,
    )
  })

  it('counts only the time that it has a processor', () => {
    // Waits as a thread does while other programs have all processors.
    const waiting = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
    const outcome = () => {
      try {
        return withinTime(40, waiting)
      } catch (error) {
        assert.ok(error instanceof TookTooLong)
        return error.message
      }
    }
    // Other threads of this process count, too, and may just be collecting garbage.
    assert.ok(Array.from({ length: 20 }).some(() => outcome() === 'timed-out'))
  })
})
