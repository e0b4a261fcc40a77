import type { Check } from '../../../verification/model'
import type { Step } from '../../model'
import { tableName } from '../sql'

/**
 * Builds a step from its particular properties. A run skips a step whose checks pass, so a step without any runs each
 * time: it must say so.
 */
export function step({ verify, ...parts }: StepParts): Step {
  const checks = verify === RUNS_EACH_TIME ? [] : verify
  return { ...DEFAULTS, privileges: [{ action: 'own', name: tableName(parts) }], ...parts, verify: checks }
}

type StepParts = Omit<Step, Defaulted | 'verify'> &
  Partial<Pick<Step, Defaulted>> & { readonly verify: readonly [Check, ...Check[]] | typeof RUNS_EACH_TIME }

/** For a step that changes nothing, or that only does what is still to be done. */
export const RUNS_EACH_TIME = 'runs each time'

/** The defaults: its own transaction, run by the table's owner, without reading or writing rows. */
const DEFAULTS = {
  object: null,
  leftovers: null,
  transaction: 'own',
  batch: null,
  rewrites: false,
  scans: false,
  estimatedRows: null,
} as const

type Defaulted = keyof typeof DEFAULTS | 'privileges'
