import assert from 'node:assert/strict'
import type { Interaction } from '../../../server/src/commands/interaction'
import { Stages } from '../../../server/src/commands/stages'

describe('the end of a guided run says', () => {
  const stagesOf = () =>
    new Stages({ signal: new AbortController().signal, output: () => undefined } as unknown as Interaction)

  it('what was done, and what was left out and why', async () => {
    const stages = stagesOf()
    await stages.run('Check', () => Promise.resolve())
    stages.enter('Back up')
    stages.end('Back up', 'as you chose')
    await stages.runOrSkip('Write the schema', () => Promise.resolve(null))
    await stages.runOrSkip('Generate', () => Promise.resolve('Prisma is not installed'))
    assert.equal(
      stages.summary(),
      'Done: check, write the schema. Skipped: back up (as you chose), generate (Prisma is not installed).',
    )
  })

  it('half applied only of what is', () => {
    const stages = stagesOf()
    stages.enter('Migrate')
    assert.match(
      stages.describeStop(null),
      /Stopped during: Migrate\.\nDone before that: nothing\.\nThe database was not changed\.$/,
    )
    assert.match(stages.describeStop({ applied: 0, total: 9 }), /The database was not changed/)
    assert.match(stages.describeStop({ applied: 2, total: 9 }), /2 of 9 steps are applied\. Run it again to continue/)
    assert.match(stages.describeStop('unknown'), /may be partly applied/)
    assert.match(stages.describeStop('migrated'), /The database is migrated/)
    assert.deepEqual(stages.cancelled({ applied: 0, total: 9 }).next, [])
    assert.deepEqual(stages.cancelled({ applied: 2, total: 9 }).next, ['continue', 'roll-back'])
  })
})
