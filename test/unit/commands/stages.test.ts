import assert from 'node:assert/strict'
import type { ChecklistState } from '../../../server/src/commands/checklist'
import type { Interaction } from '../../../server/src/commands/interaction'
import { appliedSteps } from '../../../server/src/commands/run-state'
import { Stages } from '../../../server/src/commands/stages'
import type { JournalRun } from '../../../server/src/migration/run/journal/journal'
import { inEnglish } from '../../../server/src/text/translate'

describe('the end of a guided run says', () => {
  const lists: ChecklistState[] = []
  const stagesOf = (signal = new AbortController().signal) =>
    new Stages(
      {
        t: inEnglish,
        signal,
        output: () => undefined,
        checklist: (state: ChecklistState) => void lists.push(state),
      } as unknown as Interaction,
      ['check', 'backup', 'migrate', 'schema', 'generate'],
    )

  it('what was done, and what was left out and why', async () => {
    const stages = stagesOf()
    await stages.run('check', () => Promise.resolve())
    stages.enter('backup')
    stages.end('backup', 'by your choice')
    await stages.runOrSkip('schema', () => Promise.resolve(null))
    await stages.runOrSkip('generate', () => Promise.resolve('Prisma is not installed'))
    assert.equal(
      stages.summary(),
      'Done: check, write the schema. Skipped: back up (by your choice), generate (Prisma is not installed).',
    )
  })

  it('half applied only of what is', () => {
    const stages = stagesOf()
    stages.enter('migrate')
    assert.match(
      stages.describeStop(null),
      /Stopped during: Migrate\.\nDone before that: nothing\.\nThe database was not changed\.$/,
    )
    assert.match(stages.describeStop({ applied: 0, total: 9 }), /0 of 9 steps are applied\. Run it again to continue/)
    assert.match(stages.describeStop({ applied: 2, total: 9 }), /2 of 9 steps are applied\. Run it again to continue/)
    assert.match(stages.describeStop('unknown'), /may be partly applied/)
    assert.match(stages.describeStop('migrated'), /The database is migrated/)
    assert.deepEqual(stages.cancelled(null).next, [])
    // The journal has the run, so the status bar shows it as unfinished.
    assert.deepEqual(stages.cancelled({ applied: 0, total: 9 }).next, ['continue', 'roll-back'])
    assert.deepEqual(stages.cancelled({ applied: 2, total: 9 }).next, ['continue', 'roll-back'])
  })

  it('of how many steps some are applied: as many as its preview and its list have', () => {
    const entry = (kind: string, state: string) => ({ state, step: { kind, transaction: 'shared' } })
    const of = (state: string, ...steps: object[]) => {
      const { applied, total } = appliedSteps({ state, steps } as unknown as JournalRun)
      return `${applied} of ${total}`
    }
    const [check, column] = [entry('precondition', 'done'), entry('add-column', 'already there')]
    assert.equal(of('running', check, column, entry('index', 'done'), entry('trigger', 'pending')), '3 of 4')
    assert.equal(of('running', entry('precondition', 'running'), entry('add-column', 'pending')), '0 of 2')
    assert.equal(of('rolling back', check, column, entry('index', 'undone'), entry('trigger', 'done')), '1 of 4')
  })

  it('and its list has each stage and step, with its state and time', async () => {
    const stages = stagesOf()
    await stages.run('check', () => Promise.resolve())
    stages.enter('migrate')
    const titles = ['Add a', 'Add b', 'Add c']
    stages.step({ titles, index: 0, detail: '' })
    const first = lists.at(-1)!.steps
    stages.step({ titles, index: 0, detail: '5 rows' })
    stages.step({ titles, index: 1, detail: '' })
    const { stages: shown, steps } = lists.at(-1)!
    assert.deepEqual(
      shown.map(({ name, state, detail }) => `${name} ${state} ${detail}`.trim()),
      ['check done', 'backup waiting', 'migrate running 2/3', 'schema waiting', 'generate waiting'],
    )
    assert.deepEqual(
      steps.map(({ state }) => state),
      ['done', 'running', 'waiting'],
    )
    // What does not change stays the very same, so that only what does is sent.
    assert.equal(steps[2], first[2])
    assert.ok(shown[0]!.endedAt! >= shown[0]!.startedAt!)
    // What it waits for is over with the run.
    stages.step({ titles, index: 1, detail: 'waiting 6 s for process 5 of app' })
    stages.close('cancelled')
    assert.deepEqual(
      lists.at(-1)!.steps.map(({ state }) => state),
      ['done', 'stopped', 'waiting'],
    )
    const { state, detail } = lists.at(-1)!.stages[2]!
    assert.deepEqual([state, detail], ['stopped', '1/3'])
  })

  it('and it was cancelled during the stage after the one that ended meanwhile, or whose question was turned away', async () => {
    const states = () => lists.at(-1)!.stages.map(({ name, state }) => `${name} ${state}`)
    const stop = new AbortController()
    const stages = stagesOf(stop.signal)
    await stages.run('migrate', () => {
      stop.abort()
      return Promise.resolve()
    })
    assert.throws(() => stages.enter('schema'))
    stages.close('cancelled')
    assert.deepEqual(states().slice(2), ['migrate done', 'schema stopped', 'generate waiting'])
    assert.match(
      stages.describeStop('migrated'),
      /Stopped during: Write the schema\.\nDone before that: migrate\.\nThe database is migrated\./,
    )
    const asked = stagesOf()
    await asked.run('check', () => Promise.resolve())
    asked.close('cancelled')
    assert.deepEqual(states().slice(0, 3), ['check done', 'backup stopped', 'migrate waiting'])
  })

  it('and it is the stage that failed that says so, not the last one, which went well', async () => {
    const states = () => lists.at(-1)!.stages.map(({ name, state }) => `${name} ${state}`)
    const stages = stagesOf()
    await stages.run('schema', () => Promise.resolve())
    stages.fail('schema')
    await stages.run('generate', () => Promise.resolve())
    stages.close('findings')
    assert.deepEqual(states().slice(-2), ['schema failed', 'generate done'])
    assert.equal(stages.summary(), 'Done: write the schema, generate.')
    // A verification that fails ends well, too, but for its outcome.
    const verified = stagesOf()
    await verified.run('generate', () => Promise.resolve())
    verified.close('findings')
    assert.equal(states().at(-1), 'generate failed')
  })
})
