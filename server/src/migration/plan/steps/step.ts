import type { Step } from '../../model'
import { tableName } from '../sql'

/** A step, of which only what is particular to it has to be said. */
export function step(parts: Omit<Step, Defaulted> & Partial<Pick<Step, Defaulted>>): Step {
  return { ...DEFAULTS, privileges: [{ action: 'own', name: tableName(parts) }], ...parts }
}

/** What most steps have in common: a transaction of its own, by the table's owner, that reads and writes no rows. */
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
