import type { DatabaseModel } from '../database/model'
import type { Block, SchemaFile } from '../schema/model'
import type { DatabaseIndex, ExternalNames } from './database-index'
import type { ExpectedModel } from './expected/model'
import type { Lookups, Scope } from './expected/scope'
import type { Finding } from './finding'
import type { Policy } from './policy'
import type { LocalFinding } from './rules/local-finding'

/**
 * What comparing has worked out, kept by the identity of what it was worked out from. The caller owns it and hands it in
 * again: after an edit of one model the others and their findings, and all files but one, are found here. Forgetting it
 * costs time only.
 */
export interface ComparisonCache {
  readonly expected: WeakMap<Block, KeptExpectation>
  readonly findings: WeakMap<ExpectedModel, KeptFindings>
  readonly placed: WeakMap<readonly LocalFinding[], PlacedFindings>
  readonly files: WeakMap<SchemaFile, KeptFile>
  /** What belongs to no block of its own; only the latest. */
  whole: KeptWhole | null
  index: DatabaseIndex | null
  /** Of the latest schema; its names go over to the next. */
  scope: Scope | null
}

export function createComparisonCache(): ComparisonCache {
  return {
    expected: new WeakMap(),
    findings: new WeakMap(),
    placed: new WeakMap(),
    files: new WeakMap(),
    whole: null,
    index: null,
    scope: null,
  }
}

/** All that findings hang on besides the schema itself. */
export interface Surroundings {
  readonly policy: Policy | null
  readonly database: DatabaseModel | null
  readonly external: ExternalNames | undefined
  /** The type of the user model's key, which may stand in another file. */
  readonly userKeyType: string | null
  readonly usesForeignKeys: boolean
  readonly comparesConditions: boolean
}

export function sameSurroundings(left: Surroundings, right: Surroundings): boolean {
  return (
    left.policy === right.policy &&
    left.database === right.database &&
    left.external === right.external &&
    left.userKeyType === right.userKeyType &&
    left.usesForeignKeys === right.usesForeignKeys &&
    left.comparesConditions === right.comparesConditions
  )
}

export interface KeptExpectation {
  readonly model: ExpectedModel
  /** What the block looked up in the rest of the schema; the result holds for as long as these answer the same. */
  readonly lookups: Lookups
  readonly usesForeignKeys: boolean
  readonly comparesConditions: boolean
}

export interface KeptFindings {
  readonly surroundings: Surroundings
  readonly findings: readonly LocalFinding[]
}

export interface PlacedFindings {
  readonly file: string
  readonly startLine: number
  readonly findings: readonly Finding[]
}

export interface KeptFile {
  readonly surroundings: Surroundings
  /** What all blocks of the file looked up. */
  readonly lookups: Lookups
  readonly findings: readonly Finding[]
  /** The tables and enums that the file's blocks stand for. */
  readonly claims: Claims
}

export interface Claims {
  readonly tables: readonly ClaimedName[]
  readonly enums: readonly ClaimedName[]
  /** Equal for equal claims. */
  readonly key: string
}

export interface ClaimedName {
  readonly schema: string | null
  readonly name: string
}

export interface KeptWhole {
  readonly surroundings: Surroundings
  readonly datasource: Block | null
  readonly claims: readonly string[]
  readonly findings: readonly LocalFinding[]
}
