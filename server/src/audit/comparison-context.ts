import type { Surroundings } from './comparison-cache'
import type { DatabaseIndex } from './database-index'
import type { Scope } from '../expected/scope'
import type { AuditField, Policy } from '../audit-fields/policy'

/** What the parts of one comparison share. */
export interface ComparisonContext {
  readonly surroundings: Surroundings
  readonly scope: Scope
  /** Null without a connection. */
  readonly index: DatabaseIndex | null
  /** The policy, or where there is none the one by whose names audit fields are known. */
  readonly fallbackPolicy: Policy
  /** What that policy requires of the model of a name. */
  readonly requiredFields: (modelName: string) => readonly AuditField[]
}
