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

/**
 * What comparing has worked out, kept by the identity of what it was worked out from: blocks of the schema, tables of the
 * database. The caller owns it and hands it in again: after an edit of one model, or a change of one table, all others and
 * their findings are found here. Forgetting it costs time only.
 */
export interface ComparisonCache extends ExpectationCache {
  readonly blocks: WeakMap<Block, CachedBlock>
  /** By path, the latest of each. */
  readonly files: Map<string, CachedFile>
  /** What belongs to no block of its own; only the latest. */
  whole: CachedWhole | null
  home: CachedHome | null
  index: DatabaseIndex | null
  /** Of the latest schema; its names go over to the next. */
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

/** What all findings hang on, besides the schema itself and the tables and enums that they are about. */
export interface Surroundings {
  readonly policy: Policy | null
  /** Null without a connection. */
  readonly defaultSchema: string | null
  readonly external: ExternalNames | undefined
  /** The type of the user model's key, which may stand in another file. */
  readonly userKeyType: string | null
  /** By which a field under another name is known to name a user; null without a policy. */
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
    left.users?.keyType === right.users?.keyType &&
    left.users?.otherModels === right.users?.otherModels &&
    left.usesForeignKeys === right.usesForeignKeys &&
    left.comparesConditions === right.comparesConditions
  )
}

export interface CachedBlock {
  readonly block: Block
  readonly surroundings: Surroundings
  /** Null for a block that is no model. */
  readonly expectation: CachedExpectation | null
  /** What the findings hang on in the database; empty without a connection. */
  readonly inputs: readonly DatabaseInput[]
  /** What it likely was called, where the database lacks it; that hangs on what all other blocks stand for. */
  readonly former: Former | null | undefined
  readonly findings: readonly LocalFinding[]
  readonly claims: Claims
  /** The audit fields that a model lacks, where no policy says which it must have; else empty. */
  readonly lacking: readonly AuditField[]
}

/** A block's findings as findings of its file. */
export interface PlacedFindings {
  readonly cached: CachedBlock
  /** Where the findings were placed; of no matter where there are none. */
  readonly startLine: number
  readonly findings: readonly Finding[]
}

export interface CachedFile {
  readonly file: SchemaFile
  readonly surroundings: Surroundings
  /** In the order of the file's blocks. */
  readonly blocks: readonly PlacedFindings[]
  readonly findings: readonly Finding[]
  /** What the file's blocks stand for. The very same list for as long as that stays. */
  readonly claims: readonly Claims[]
  /** Those of its blocks. The very same list for as long as they stay. */
  readonly lacking: readonly (readonly AuditField[])[]
  /** Null until somebody asks; goes over to the file's next version. */
  dependents: BlockDependents | null
  /** The scope and the database for which all this is known to hold. */
  scopeVersion: number
  index: DatabaseIndex | null
}

/** By name, the models of a file that look it up in the schema, or did once. */
export type BlockDependents = Map<string, Set<string>>

/** The tables and enums that a block stands for. */
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

/** The findings of the file where also that is shown which belongs to no block, and what they were put together from. */
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

/** What a policy requires of a model, its patterns made out. */
export interface CachedRequirements {
  readonly policy: Policy
  readonly requirementsOf: (model: ModelBlock) => ModelRequirements
}
