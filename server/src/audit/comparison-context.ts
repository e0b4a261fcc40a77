import type { ModelRequirements } from '../audit-fields/requirements'
import type { ModelBlock } from '../schema/model'
import type { Surroundings } from './comparison-cache'
import type { DatabaseIndex } from './database-index'
import type { UnmappedObjects } from './matching/unmapped-objects'
import type { Scope } from '../expected/scope'
import type { Policy } from '../audit-fields/policy'

/** What the parts of one comparison share. */
export interface ComparisonContext {
  readonly surroundings: Surroundings
  readonly scope: Scope
  /** Null without a connection. */
  readonly index: DatabaseIndex | null
  /** Worked out when something of the schema is missing in the database, and asked for. */
  readonly unmapped: () => UnmappedObjects
  /** The policy, or where there is none the one by whose names audit fields are known. */
  readonly fallbackPolicy: Policy
  /** What that policy requires of a model. */
  readonly requirementsOf: (model: ModelBlock) => ModelRequirements
}
