import type { DatabaseModel } from '../database/model'
import type { UserFacts } from '../audit-fields/likely-alias'
import type { ModelRequirements } from '../audit-fields/requirements'
import type { Block, ModelBlock, SchemaFile, SchemaModel } from '../schema/model'
import type { DatabaseIndex, DatabaseInput, ExternalNames } from './database-index'
import type { ExpectationCache, CachedExpectation } from '../expected/expected-database'
import type { Scope } from '../expected/scope'
import type { FileFindings, Finding } from './finding'
import type { AuditField } from '../audit-fields/kinds'
import type { Policy } from '../audit-fields/policy'
import type { Former } from './matching/likely-renames'
import type { LocalFinding } from './rules/local-finding'
import type { ReferencedKey } from './unfit-user-columns'

/**
 * Results of comparing, cached by the identity of their inputs: blocks of the schema, tables of the database. The
 * caller owns it and passes it in again: after an edit of one model or a change of one table, the findings of all
 * others are reused. Dropping it only costs time.
 */
export interface ComparisonCache extends ExpectationCache {
  readonly blocks: WeakMap<Block, CachedBlock>
  /** By path, the latest of each. */
  readonly files: Map<string, CachedFile>
  /** Objects without a block; only the latest. */
  whole: CachedWhole | null
  home: CachedHome | null
  index: DatabaseIndex | null
  /** Of the latest schema; its names are passed on to the next. */
  scope: Scope | null
  latest: CachedComparison | null
  surroundings: Surroundings | null
  requirements: CachedRequirements | null
}

export function createComparisonCache(): ComparisonCache {
  return {
    expected: new WeakMap(),
    blocks: new WeakMap(),
    files: new Map(),
    whole: null,
    home: null,
    index: null,
    scope: null,
    latest: null,
    surroundings: null,
    requirements: null,
  }
}

/** The common inputs of all findings, besides the schema itself and their tables and enums. */
export interface Surroundings {
  readonly policy: Policy | null
  /** Null without a connection. */
  readonly defaultSchema: string | null
  readonly external: ExternalNames | undefined
  /** The type of the user model's key, which may be in another file. */
  readonly userKeyType: string | null
  /** The key that user fields reference, which may be in another file and has its type from the database. */
  readonly userKey: ReferencedKey | null
  /** Used to recognize a field under another name as a user; null without a policy. */
  readonly users: UserFacts | null
  readonly usesForeignKeys: boolean
  readonly comparesConditions: boolean
}

export function sameSurroundings(left: Surroundings, right: Surroundings): boolean {
  return (
    left.policy === right.policy &&
    left.defaultSchema === right.defaultSchema &&
    left.external === right.external &&
    left.userKeyType === right.userKeyType &&
    isSameKey(left.userKey, right.userKey) &&
    left.users?.keyType === right.users?.keyType &&
    left.users?.otherModels === right.users?.otherModels &&
    left.usesForeignKeys === right.usesForeignKeys &&
    left.comparesConditions === right.comparesConditions
  )
}

function isSameKey(left: ReferencedKey | null, right: ReferencedKey | null): boolean {
  return (
    left?.schema === right?.schema &&
    left?.table === right?.table &&
    left?.column === right?.column &&
    left?.type === right?.type &&
    left?.schemaType?.text === right?.schemaType?.text
  )
}

export interface CachedBlock {
  readonly block: Block
  readonly surroundings: Surroundings
  /** Null for a block that is not a model. */
  readonly expectation: CachedExpectation | null
  /** Inputs of the findings in the database; empty without a connection. */
  readonly inputs: readonly DatabaseInput[]
  /** The likely former name if the table is missing; it depends on all other blocks. */
  readonly former: Former | null | undefined
  readonly findings: readonly LocalFinding[]
  readonly claims: Claims
  /** The audit fields that a model lacks, if no policy defines which it must have; otherwise empty. */
  readonly lacking: readonly AuditField[]
}

/** A block's findings as findings of its file. */
export interface PlacedFindings {
  readonly cached: CachedBlock
  /** Where the findings were placed; irrelevant if there are none. */
  readonly startLine: number
  readonly findings: readonly Finding[]
}

export interface CachedFile {
  readonly file: SchemaFile
  readonly surroundings: Surroundings
  /** In the order of the file's blocks. */
  readonly blocks: readonly PlacedFindings[]
  readonly findings: readonly Finding[]
  /** The tables and enums of the file's blocks. The same list as long as they do not change. */
  readonly claims: readonly Claims[]
  /** The findings of its blocks. The same list as long as they do not change. */
  readonly lacking: readonly (readonly AuditField[])[]
  /** Null until it is needed; passed on to the file's next version. */
  dependents: BlockDependents | null
  /** The scope and the database for which all this is valid. */
  scopeVersion: number
  index: DatabaseIndex | null
}

/** By name, the models of a file that look it up in the schema, or did earlier. */
export type BlockDependents = Map<string, Set<string>>

/** The tables and enums of a block. */
export interface Claims {
  readonly tables: readonly ClaimedName[]
  readonly enums: readonly ClaimedName[]
}

export interface ClaimedName {
  readonly schema: string | null
  readonly name: string
}

export interface CachedWhole {
  readonly home: Block
  /** Null without a connection. */
  readonly index: DatabaseIndex | null
  readonly datasource: Block | null
  readonly lacking: readonly (readonly (readonly AuditField[])[])[]
  readonly claims: readonly (readonly Claims[])[]
  readonly findings: readonly LocalFinding[]
}

/** The findings of the file that also shows objects without a block, and the parts that they consist of. */
export interface CachedHome {
  readonly path: string
  readonly startLine: number
  readonly whole: readonly LocalFinding[]
  readonly own: readonly Finding[]
  readonly findings: readonly Finding[]
}

export interface CachedComparison {
  readonly schema: SchemaModel
  readonly policy: Policy | null
  readonly database: DatabaseModel | null
  readonly external: ExternalNames | undefined
  readonly result: readonly FileFindings[]
}

/** The policy's requirements for a model, with its patterns resolved. */
export interface CachedRequirements {
  readonly policy: Policy
  readonly requirementsOf: (model: ModelBlock) => ModelRequirements
}
