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

  it('half applied only of what was begun', () => {
    const stages = stagesOf()
    stages.enter('Migrate')
    assert.match(
      stages.describeStop(),
      /Stopped during: Migrate\.\nDone before that: nothing\.\nThe database was not changed\.$/,
    )
    stages.begunToMigrate()
    assert.match(stages.describeStop(), /may be partly applied/)
    stages.finish('Migrate')
    assert.match(stages.describeStop(), /The database is migrated/)
  })
})
