import { isEnabled } from '../triggers'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/** `trigger-disabled`: a trigger that somebody switched off, for a bulk load perhaps, and that does not fire since. */
export const triggerDisabled: TableRule = (pair) =>
  pair.actual.triggers
    .filter((trigger) => !isEnabled(trigger))
    .map((trigger) =>
      pairFinding(pair, {
        code: 'trigger-disabled',
        severity: 'warning',
        message: `The trigger "${trigger.name}" of ${nameOf(pair.expected)} is ${
          trigger.state === 'R' ? 'enabled on replicas only' : 'disabled'
        }.`,
        object: trigger.name,
        expected: 'enabled',
        actual: trigger.state === 'R' ? 'enabled replica' : 'disabled',
      }),
    )
