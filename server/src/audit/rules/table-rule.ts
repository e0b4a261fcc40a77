import { phrase, type Phrase } from '../../text/phrase'
import type { Range } from '../../schema/model'
import type { AuditedField } from '../audited-fields'
import type { DatabaseIndex } from '../database-index'
import type { Index } from '../../database/model'
import type { ExpectedIndex, ExpectedTable } from '../../expected/model'
import { sameIndex } from '../matching/indexes'
import type { TablePair } from '../matching/table-pair'
import { tableFinding, type FindingParts, type LocalFinding } from './local-finding'

/** A rule on a table that stands on both sides: one kind of difference, one code, one file. */
export type TableRule = (pair: TablePair, context: TableContext) => LocalFinding[]

export interface TableContext {
  readonly index: DatabaseIndex
  /** The audit fields that the policy requires of the model; none for join tables and without a policy. */
  readonly audited: readonly AuditedField[]
  /** Those that a comment silences: nothing is said of them, nor of what is missing with them. */
  readonly ignored: readonly AuditedField[]
  /** False with `relationMode = "prisma"`: a relation stands for no foreign key. */
  readonly usesForeignKeys: boolean
}

/** A finding about a part of the pair. */
export function pairFinding(
  pair: TablePair,
  parts: Omit<FindingParts, 'range'> & { readonly range?: Range },
): LocalFinding {
  return tableFinding({ table: pair.expected, schemaName: pair.actual.schema }, parts)
}

/** `Lead` for a model's own table, `Lead.tags (table "_LeadToTag")` for the join table behind a relation. */
export function nameOf(table: ExpectedTable): string | Phrase {
  return table.relationField === null
    ? table.model
    : phrase`${table.model}.${table.relationField} (table "${table.name}")`
}

/** `Lead.owner`; the relation's field stands in a join table's name already. */
export function fieldNameOf(table: ExpectedTable, field: string): string | Phrase {
  return table.relationField === null ? `${table.model}.${field}` : nameOf(table)
}

/** Does one of the columns stand in the schema only? Then that is the finding, and what was to stand on it follows. */
export function lacksColumn(pair: TablePair, columns: readonly string[]): boolean {
  return columns.some((name) => !pair.actual.columns.some((column) => column.name === name))
}

/**
 * The index that serves in place of one that is missing: the schema says two that differ by name alone, and the database
 * has one of them. Prisma's engine is content with that.
 */
export function twinOf(missing: ExpectedIndex, pair: TablePair): Index | undefined {
  return pair.indexes.pairs.find(({ actual }) => sameIndex(missing, actual, pair.actual.columns))?.actual
}

/** Does it stand on nothing but columns of audit fields that the schema lacks? Then that is the finding. */
export function followsFromAuditField(
  columns: readonly (string | null)[],
  { audited, ignored }: TableContext,
): boolean {
  const lacking = [...audited, ...ignored].filter(({ schemaColumn }) => schemaColumn === null)
  return columns.length > 0 && columns.every((name) => lacking.some(({ column }) => column === name))
}

/** Up to this many objects of a kind are told one by one, more are collected to one entry a table. */
export const TOLD_ONE_BY_ONE = 3
