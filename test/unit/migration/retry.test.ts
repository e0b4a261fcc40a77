import assert from 'node:assert/strict'
import {
  LockNotHad,
  pauseAfter,
  retryLocked,
  type RetryOptions,
} from '../../../server/src/migration/run/execution/retry'

/** As `pg` rejects. */
function failure(code: string): Error {
  return Object.assign(new Error(code), { code })
}

describe('tries after a lock', () => {
  /** Fails with these, one after the other, and then succeeds. */
  function work(codes: readonly string[]) {
    const counter = { tries: 0 }
    return {
      counter,
      run: () => {
        const code = codes[counter.tries++]
        return code === undefined ? Promise.resolve('done') : Promise.reject(failure(code))
      },
    }
  }
  const options = (more: Partial<RetryOptions> = {}): RetryOptions => ({ attempts: 3, signal: undefined, ...more })
  const passing = new Set(['23503'])

  it('go on where others are in the way, and end after the last', async () => {
    for (const code of ['55P03', '40P01', '40001']) {
      const { run, counter } = work([code])
      assert.equal(await retryLocked(options(), run), 'done')
      assert.equal(counter.tries, 2)
    }
    const { run, counter } = work(['55P03', '40P01', '40001', '55P03'])
    await assert.rejects(retryLocked(options(), run), (error) => {
      assert.ok(error instanceof LockNotHad && (error.cause as { code?: string }).code === '40001')
      return error.seconds === 0
    })
    assert.equal(counter.tries, 3)
  })

  it('are not made after any other failure, but for those that pass', async () => {
    const other = work(['23505'])
    await assert.rejects(retryLocked(options(), other.run), { code: '23505' })
    assert.equal(other.counter.tries, 1)
    const notPassing = work(['23503'])
    await assert.rejects(retryLocked(options(), notPassing.run), { code: '23503' })
    const passes = work(['23503', '23503'])
    assert.equal(await retryLocked(options({ passing }), passes.run), 'done')
    const stays = work(['23503', '23503', '23503', '23503', '23503', '23503'])
    await assert.rejects(retryLocked(options({ passing, attempts: 9 }), stays.run), { code: '23503' })
    assert.equal(stays.counter.tries, 5)
  })

  it('end with the reason of an abort, before the first and between two', async () => {
    const controller = new AbortController()
    const { run, counter } = work(['55P03', '55P03'])
    const abort = async () => {
      try {
        return await run()
      } finally {
        controller.abort(new Error('stopped'))
      }
    }
    const { signal } = controller
    await assert.rejects(retryLocked(options({ signal }), abort), /stopped/)
    await assert.rejects(retryLocked(options({ signal }), run), /stopped/)
    assert.equal(counter.tries, 1)
    const late = new AbortController()
    const locked = () => {
      // Comes when the pause has begun.
      setImmediate(() => {
        late.abort()
      })
      return Promise.reject(failure('55P03'))
    }
    await assert.rejects(retryLocked(options({ signal: late.signal }), locked), { code: 'ABORT_ERR' })
  })

  it('pause longer each time, and not for ever', () => {
    for (const [attempt, longest] of [
      [1, 100],
      [2, 200],
      [3, 400],
      [6, 3200],
      [7, 4000],
      [40, 4000],
    ] as const) {
      const pauses = [...Array(50).keys()].map(() => pauseAfter(attempt))
      assert.ok(
        pauses.every((pause) => pause >= longest / 2 && pause <= longest),
        String(attempt),
      )
      assert.ok(new Set(pauses).size > 1)
    }
  })

  it('begin anew where somebody has answered for who is in the way', async () => {
    const { run, counter } = work(['55P03', '55P03', '55P03', '55P03'])
    const answers = [false, true]
    let watched = 0
    const watch = {
      during: (tried: () => Promise<string>) => {
        watched++
        return tried()
      },
      answered: () => Promise.resolve(answers.shift() ?? false),
    } as unknown as NonNullable<RetryOptions['watch']>
    assert.equal(await retryLocked(options({ watch }), run), 'done')
    assert.deepEqual([counter.tries, watched], [5, 5])
  })
})
