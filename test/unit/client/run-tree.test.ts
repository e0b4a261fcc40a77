import assert from 'node:assert/strict'
import {
  canUndo,
  cutOff,
  isUnderWay,
  merged,
  phaseOf,
  withJournal,
  type RunList,
} from '../../../client/src/runs/run-list'
import { runsTree, type RunNode } from '../../../client/src/runs/run-tree'
import type { ChecklistStage, ChecklistStep } from '../../../protocol/src/index'

describe('the checklist of a run', () => {
  const t = (message: string, ...args: (string | number)[]) =>
    message.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)]))
  const stage = (name: ChecklistStage['name'], state: ChecklistStage['state'], detail = ''): ChecklistStage => {
    const startedAt = state === 'waiting' ? null : 1000
    return { name, state, detail, startedAt, endedAt: state === 'done' ? 3500 : null }
  }
  const steps = (count: number, done: number): ChecklistStep[] =>
    Array.from({ length: count }, (_, index) => ({
      index,
      title: `Step ${index}`,
      state: index < done ? 'done' : index === done ? 'running' : 'waiting',
    }))
  const run = (changes: Partial<RunList> = {}): RunList => ({
    ...{ schemaUri: 'file:///a/schema.prisma', command: 'guided', databaseLabel: 'crm on localhost:5432', end: null },
    stages: [stage('backup', 'done'), stage('migrate', 'running', '2/3'), stage('verify', 'waiting')],
    steps: steps(3, 1),
    ...changes,
  })
  const lines = (list: RunList) =>
    runsTree([list], t, 'en').flatMap((node) => [
      node.spoken,
      ...('children' in node ? node.children.map(({ spoken }) => `  ${spoken}`) : []),
    ])

  it('says of each stage and step how it stands, and what comes next, to a screen reader, too', () => {
    const shown = lines(run())
    assert.deepEqual(shown.slice(0, 1), ['Back up, done, 2.5 s'])
    assert.match(shown[1]!, /^Migrate, running, since .+, 2\/3$/)
    assert.deepEqual(shown.slice(2), ['  Step 0, done', '  Step 1, running', '  Step 2, waiting', 'Verify, waiting'])
    const end = {
      status: 'cancelled',
      message: '1 of 3',
      next: [{ command: 'guided', label: 'Continue' }],
    } as const
    assert.equal(lines(run({ end })).at(-1), 'Next: Continue')
  })

  it('shows of a long run what is at work, the rest on demand', () => {
    const shown = lines(run({ steps: steps(667, 300) })).filter((line) => line.startsWith('  '))
    assert.equal(shown.length, 11)
    assert.deepEqual([shown[0], shown[1], shown[10]], ['  300 steps done', '  Step 300, running', '  358 more steps'])
    assert.equal(lines(run({ steps: steps(667, 1) }))[2], '  Step 0, done')
  })

  it('shows the runs of several projects, each with its actions, and no id twice', () => {
    const end = { status: 'done', message: 'Done.', next: [] } as const
    const stages = [stage('migrate', 'done')]
    const roots = runsTree(
      [run(), run({ schemaUri: 'file:///b/schema.prisma', databaseLabel: '', stages, end })],
      t,
      'en',
    )
    assert.deepEqual(
      roots.map((node) => [node.kind, node.label, node.description, 'actions' in node ? node.actions : null]),
      [
        ['project', 'crm on localhost:5432', 'Guided Migration: running', 'running'],
        ['project', 'Guided Migration', 'Done.', 'ended canUndo'],
      ],
    )
    const ids = (nodes: readonly RunNode[]): string[] =>
      nodes.flatMap((node) => [node.id, ...('children' in node ? ids(node.children) : [])])
    assert.equal(new Set(ids(roots)).size, ids(roots).length)
  })

  it('takes up what changed, and begins anew with a new run', () => {
    const later = merged(run(), { ...run(), steps: [{ index: 1, title: 'Step 1', state: 'done' }], isNew: false })
    assert.deepEqual(
      later.steps.map(({ state }) => state),
      ['done', 'done', 'waiting'],
    )
    assert.equal(merged(run(), { ...run(), steps: [], isNew: true }).steps.length, 0)
  })

  it('is stopped after a reload, and goes on as the journal has it', () => {
    const kept = cutOff(run(), 'The window was closed during the run.')
    assert.deepEqual([phaseOf(run()), phaseOf(kept), canUndo(kept)], ['running', 'ended', false])
    assert.deepEqual(
      [kept.stages[1]!.state, kept.steps[1]!.state, kept.end?.message],
      ['stopped', 'stopped', 'The window was closed during the run.'],
    )
    const next = [
      { command: 'guided', label: 'Continue' },
      { command: 'rollback', label: 'Roll Back' },
    ] as const
    const journal = run({
      stages: [stage('migrate', 'stopped', '2/3')],
      end: { status: 'cancelled', message: '', next },
    })
    const known = withJournal(kept, journal)
    assert.deepEqual(
      known.stages.map(({ name, state }) => `${name} ${state}`),
      ['backup done', 'migrate stopped', 'verify waiting'],
    )
    assert.deepEqual([phaseOf(known), canUndo(known)], ['stopped', true])
    const rollback = { ...journal, command: 'rollback' as const }
    assert.equal(withJournal(kept, rollback), rollback)
  })
  it('is of a run that has begun: one that is refused while it checks has none', () => {
    const of = (...states: ChecklistStage['state'][]) =>
      run({ stages: [stage('check', states[0]!), stage('backup', states[1]!), stage('migrate', states[2]!)] })
    assert.deepEqual(
      [
        of('running', 'waiting', 'waiting'),
        of('failed', 'waiting', 'waiting'),
        of('done', 'running', 'waiting'),
        of('done', 'skipped', 'running'),
        { ...of('running', 'waiting', 'waiting'), command: 'rollback' as const },
      ].map(isUnderWay),
      [false, false, true, true, true],
    )
  })
})
