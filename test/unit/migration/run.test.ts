import { phrase } from '../../../server/src/text/phrase'
import assert from 'node:assert/strict'
import { differenceOfPlans } from '../../../server/src/migration/plan/plan-difference'
import type { Plan, Step, Warning } from '../../../server/src/migration/model'
import { nextBatchSize } from '../../../server/src/migration/run/execution/batch-size'
import { rateOf, withSample } from '../../../server/src/migration/run/steps/rate'
import { percentageOf, renderDuration, renderProgressDetail } from '../../../server/src/report/progress'

describe('how far a migration is', () => {
  const samples = (...rows: number[]) => rows.map((count, index) => ({ at: index * 1000, rows: count }))

  it('the rate is that of the samples, and the rest takes as long at that rate', () => {
    const check = (rows: number[], total: number | null, expected: [number | null, number | null]) => {
      const { rowsPerSecond, secondsLeft } = rateOf(samples(...rows), total)
      assert.deepEqual([rowsPerSecond, secondsLeft], expected)
    }
    check([], 100, [null, null])
    check([10], 100, [null, null])
    check([0, 100, 200], 1000, [100, 8])
    check([500, 600], null, [100, null])
    check([100, 100, 100], 1000, [0, null])
    check([0, 100], 50, [100, 0])
    const apart = (milliseconds: number) =>
      rateOf(
        [
          { at: 5000, rows: 10 },
          { at: 5000 + milliseconds, rows: 110 },
        ],
        null,
      ).rowsPerSecond
    assert.deepEqual([apart(199), apart(200), apart(400)], [null, 500, 250])
  })

  it('only what was done of late counts', () => {
    const kept = [...Array(40).keys()].reduce<{ at: number; rows: number }[]>(
      (all, second) => withSample(all, { at: second * 1000, rows: second < 30 ? 0 : (second - 30) * 100 }),
      [],
    )
    assert.equal(kept[0]?.at, 24_000)
    assert.equal(kept.at(-1)?.rows, 900)
  })

  it('a batch grows and shrinks towards its time, and not without bounds', () => {
    assert.equal(nextBatchSize(2000, 80, 2000), 2000)
    assert.equal(nextBatchSize(2000, 60, 2000), 2667)
    assert.equal(nextBatchSize(2000, 1, 2000), 4000)
    assert.equal(nextBatchSize(9000, 1, 2000), 10_000)
    assert.equal(nextBatchSize(2000, 5000, 2000), 1000)
    assert.equal(nextBatchSize(260, 5000, 2000), 250)
  })

  it('is told in words', () => {
    const parts = { rowsDone: 2000, rowsTotal: 7000, rowsPerSecond: 5400.4, secondsLeft: 0.9, waiting: null }
    assert.equal(renderProgressDetail(parts), '2,000 of about 7,000 rows, 5,400 rows/s, 1 s left')
    assert.equal(renderProgressDetail({ ...parts, rowsTotal: null, secondsLeft: null }), '2,000 rows, 5,400 rows/s')
    assert.equal(
      renderProgressDetail({ ...parts, rowsDone: 1, rowsTotal: null, rowsPerSecond: null, secondsLeft: null }),
      '1 row',
    )
    assert.equal(renderProgressDetail({ ...parts, rowsDone: null }), '')
    const waiting = { seconds: 12, blockers: ['process 7 of app'] }
    assert.equal(renderProgressDetail({ ...parts, waiting }), 'waiting 12 s for process 7 of app')
    assert.deepEqual([59.2, 61, 3600, 7500].map(renderDuration), ['1 min 0 s', '1 min 1 s', '1 h 0 min', '2 h 5 min'])
    assert.equal(percentageOf({ rowsDone: 500, rowsTotal: 1000 }, 1, 4), 37.5)
    assert.equal(percentageOf({ rowsDone: null, rowsTotal: null }, 1, 4), 25)
  })
})

describe('a plan that was made again', () => {
  const step = (id: string, up: string, estimatedRows: number | null = null): Step => ({
    ...{
      id,
      kind: 'create-index',
      title: `Do ${id}`,
      schema: 'public',
      table: 'Lead',
      object: id,
      leftovers: null,
      recipe: { builder: 'create-index', parameters: {} },
    },
    ...{
      up: [up],
      down: [],
      verify: [],
      lock: { mode: '', tables: [], duration: 'brief' },
      transaction: 'own',
      batch: null,
    },
    ...{ privileges: [], rewrites: false, scans: false, estimatedRows },
  })
  const plan = (steps: readonly Step[], warnings: readonly Warning[] = []): Plan => ({
    ...{ steps, warnings, checks: [], refusals: [], additions: [] },
  })

  const filling = (value: string, rows: string): Warning => ({
    ...{ code: 'existing-rows', object: value },
    text: phrase`${rows} get ${value}`,
  })

  it('is the same where the same is done, whatever the estimates say', () => {
    assert.deepEqual(differenceOfPlans(plan([step('a', 'x', 5)]), plan([step('a', 'x', 6)])), [])
  })

  it('is different by its steps and its warnings, each told', () => {
    const before = plan([step('a', 'x'), step('b', 'y')], [filling('a', '2 rows')])
    const after = plan([step('b', 'z'), step('c', 'w')], [filling('a', '3 rows of 2 tables'), filling('b', '2 rows')])
    assert.deepEqual(differenceOfPlans(before, after), [
      '  no longer  Do a',
      '  changed    Do b',
      '  new        Do c',
      '  warning    2 rows get b',
    ])
  })
})
