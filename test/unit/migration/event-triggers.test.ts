import { said } from '../../support/said'
import assert from 'node:assert/strict'
import type { EventTrigger } from '../../../server/src/database/model-surroundings'
import type { Step } from '../../../server/src/migration/model'
import { eventTriggerWarnings } from '../../../server/src/migration/plan/event-triggers'

const QUIET: EventTrigger = {
  name: 'ddl log',
  event: 'ddl_command_end',
  tags: null,
  functionName: 'public.log()',
  bareFunctionName: 'log()',
  source: `BEGIN RAISE NOTICE '%', tg_tag; INSERT INTO public.log VALUES (tg_tag); END`,
  lesserOwner: null,
}
const REJECTING = { ...QUIET, source: `BEGIN RAISE EXCEPTION 'no'; END` }

function check(trigger: EventTrigger, expected: readonly string[]): void {
  const warnings = eventTriggerWarnings({ steps: [{} as Step] }, [trigger])
  assert.deepEqual(
    warnings.map(({ code, text }) => `${code}: ${said(text).slice(0, 75)}`),
    expected,
  )
}

describe('warnings of event triggers', () => {
  it('are given of those that can reject a statement of ours', () => {
    check(QUIET, [])
    check(REJECTING, ['event-trigger: The event trigger "ddl log" runs public.log() at changes of the structure a'])
    check({ ...REJECTING, tags: ['DROP INDEX', 'ALTER ROLE'] }, [
      'event-trigger: The event trigger "ddl log" runs public.log() at DROP INDEX and can reject ',
    ])
    check({ ...REJECTING, tags: ['ALTER ROLE'] }, [])
    check({ ...QUIET, source: `BEGIN ASSERT false; END` }, [
      'event-trigger: The event trigger "ddl log" runs public.log() at changes of the structure a',
    ])
  })

  it('are given of code that a role with fewer privileges can replace', () => {
    check({ ...QUIET, lesserOwner: 'intern' }, [
      'code-of-others: The event trigger "ddl log" runs public.log() with your privileges, but the',
    ])
  })

  it('are not given where nothing is planned', () => {
    assert.deepEqual(eventTriggerWarnings({ steps: [] }, [REJECTING]), [])
  })
})
