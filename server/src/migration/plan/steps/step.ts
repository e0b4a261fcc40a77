import type { Step } from '../../model'
import { tableName } from '../sql'

/** Builds a step from its particular properties. */
export function step(parts: Omit<Step, Defaulted> & Partial<Pick<Step, Defaulted>>): Step {
  return { ...DEFAULTS, privileges: [{ action: 'own', name: tableName(parts) }], ...parts }
}

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
