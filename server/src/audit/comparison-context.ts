import type { ModelRequirements } from '../audit-fields/requirements'
import type { ModelBlock } from '../schema/model'
import type { Surroundings } from './comparison-cache'
import type { DatabaseIndex } from './database-index'
import type { UnmappedObjects } from './matching/unmapped-objects'
import type { Scope } from '../expected/scope'
import type { Policy } from '../audit-fields/policy'

/** Shared by the parts of one comparison. */
export interface ComparisonContext {
  readonly surroundings: Surroundings
  readonly scope: Scope
  /** Null without a connection. */
  readonly index: DatabaseIndex | null
  /** Computed on demand, if something of the schema is missing in the database. */
  readonly unmapped: () => UnmappedObjects
  /** The policy or, if there is none, the default one, whose names identify audit fields. */
  readonly fallbackPolicy: Policy
  /** That policy's requirements for a model. */
  readonly requirementsOf: (model: ModelBlock) => ModelRequirements
}
