import assert from 'node:assert/strict'
import type { Step } from '../../../server/src/migration/model'
import type { StepKind } from '../../../server/src/migration/step-kinds'
import type { JournalRun } from '../../../server/src/migration/run/journal/journal'
import { isOwnRun, schemasOf } from '../../../server/src/migration/run/journal/run-target'

describe('whose run it is', () => {
  /** Steps as `kind schema`. */
  function check(steps: readonly string[], schemas: readonly string[] | undefined, expected: boolean): void {
    assert.equal(isOwnRun(runOf(steps), schemas === undefined ? {} : { schemas }), expected, steps.join())
  }

  it('the run of whoever works on all that it changes', () => {
    check(['add-column a'], ['a'], true)
    check(['add-column a', 'add-column b'], ['a', 'b', 'c'], true)
    check(['add-column a'], ['b'], false)
    check(['add-column a'], undefined, true)
    check(['add-column a'], [], false)
  })

  it('not that of a target whose tables are a part of it', () => {
    for (const kind of ['add-column', 'create-trigger', 'create-function', 'create-table', 'drop-default']) {
      check(['add-column a', `${kind} b`], ['a'], false)
      check(['add-column a', `${kind} b`], ['b'], false)
    }
  })

  it("that of its tables' target, wherever their partitions lie", () => {
    for (const kind of [
      ...['precondition', 'populate', 'put-back', 'hold-columns', 'release-columns', 'set-not-null'],
      ...['add-foreign-key', 'validate-constraint', 'create-index', 'create-extension'],
      ...['create-partitioned-index', 'attach-index', 'attach-foreign-key'],
    ]) {
      check(['add-column a', `${kind} parts`], ['a'], true)
      check([`${kind} parts`], ['a'], false)
      check([`${kind} parts`], ['parts'], true)
    }
  })

  it('its schemas are told once each, without the steps that have none', () => {
    assert.deepEqual(schemasOf(runOf(['add-column b', 'record-history ', 'add-column a', 'populate b'])), ['b', 'a'])
  })
})

function runOf(steps: readonly string[]): JournalRun {
  const entry = (words: string, index: number) => {
    const [kind = '', schema = ''] = words.split(' ')
    return { ...ENTRY, position: index + 1, step: { ...STEP, kind: kind as StepKind, schema } }
  }
  return { ...RUN, steps: steps.map(entry) }
}

const STEP: Step = {
  ...{ id: '', kind: 'add-column', title: '', schema: '', table: '', object: null, leftovers: null },
  ...{ recipe: { builder: 'add-column', parameters: {} }, up: [], down: [], verify: [], batch: null, privileges: [] },
  ...{ lock: { mode: '', tables: [], duration: 'brief' }, transaction: 'own', rewrites: false, scans: false },
  estimatedRows: null,
}

const ENTRY = { position: 1, state: 'done', batches: 0, rowsDone: 0, cursor: null, filled: [] } as const

const RUN: Omit<JournalRun, 'steps'> = {
  ...{ id: '1', state: 'completed', isFormer: false, additions: [], startedAt: new Date(0), finishedAt: null },
}
