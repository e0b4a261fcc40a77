import assert from 'node:assert/strict'
import { randomFrom } from '../../chaos/random'
import { chaosRound } from '../../chaos/round'
import { startPostgres, type TestServer } from '../../support/postgres'

/**
 * The short form of `npm run chaos`, with always the same choices, so that a red run is about the change.
 * `npm run chaos -- --seed 1 --rows 5000` repeats them.
 */
describe('chaos', () => {
  let server: TestServer
  before(async () => {
    // What was committed must outlive a crash of the server, or nothing could be said of it.
    server = await startPostgres({ settings: { synchronous_commit: 'on' } })
  })
  after(() => server.stop())

  it('up, down and up again under kills, crashes, locks and writers: equal structure, nothing lost', async function () {
    this.timeout(600_000)
    const seed = 1
    const story: string[] = []
    try {
      const round = await chaosRound({
        server,
        random: randomFrom(seed),
        rows: 5000,
        troubles: 2,
        whole: false,
        durations: new Map([
          ['migrate', 1200],
          ['rollback', 1200],
        ]),
        say: (line) => story.push(line),
      })
      assert.ok(round.writes >= 150)
    } catch (error) {
      throw new Error(`chaos with --seed ${seed} --rows 5000:\n${story.join('\n')}`, { cause: error })
    }
  })
})
