import assert from 'node:assert/strict'
import v8 from 'node:v8'
import vm from 'node:vm'
import { Turns } from '../../server/src/agents/turns'
import { within } from '../../server/src/signals'

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const fail = () => {
      reject(signal.reason as Error)
    }
    if (signal.aborted) fail()
    signal.addEventListener('abort', fail, { once: true })
  })

describe('within', () => {
  it('ends the work with any signal, with its own stop, and after its time, and leaves no listener behind', async () => {
    const [first, second] = [new AbortController(), new AbortController()]
    const both = [first.signal, undefined, second.signal]
    const waiting = within(null, both, untilAborted)
    second.abort(new Error('the second'))
    await assert.rejects(waiting, /the second/)
    await assert.rejects(within(null, both, untilAborted), /the second/)
    const stopped = within(null, [first.signal], (signal, stop) => {
      stop()
      return untilAborted(signal)
    })
    await assert.rejects(stopped, { name: 'AbortError' })
    await assert.rejects(within(1, [first.signal], untilAborted), { name: 'TimeoutError' })
    assert.equal(await within(60_000, [first.signal], () => Promise.resolve(1)), 1)
  })

  it('is not collected as garbage while it is waited for', async () => {
    const waiting = within(20, [new AbortController().signal], untilAborted)
    v8.setFlagsFromString('--expose-gc')
    const collect = vm.runInNewContext('gc') as () => void
    collect()
    await assert.rejects(waiting, { name: 'TimeoutError' })
  })
})

describe('Turns', () => {
  it('lets so many work at once, the others in their order, whatever fails', async () => {
    const turns = new Turns(2)
    let running = 0
    let most = 0
    const order: number[] = []
    const work = (number: number) => async () => {
      order.push(number)
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running -= 1
      if (number === 1) throw new Error('failed')
      return number
    }
    const answers = await Promise.allSettled([0, 1, 2, 3, 4].map((number) => turns.take(work(number))))
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
    )
    assert.deepEqual([order, most], [[0, 1, 2, 3, 4], 2])
    assert.equal(await turns.take(() => Promise.resolve('again')), 'again')
  })
})
