import { phrase, type Phrase } from '../../text/phrase'
import type { Range } from '../../schema/model'
import type { AuditedField } from '../audited-fields'
import type { DatabaseIndex } from '../database-index'
import type { Index } from '../../database/model'
import type { ExpectedIndex, ExpectedTable } from '../../expected/model'
import { sameIndex } from '../matching/indexes'
import type { TablePair } from '../matching/table-pair'
import { tableFinding, type FindingParts, type LocalFinding } from './local-finding'

/** A rule for a table that exists on both sides: one kind of difference, one code, one file. */
export type TableRule = (pair: TablePair, context: TableContext) => LocalFinding[]

export interface TableContext {
  readonly index: DatabaseIndex
  /** The audit fields that the policy requires of the model; none for join tables and without a policy. */
  readonly audited: readonly AuditedField[]
  /** Those that a comment ignores: they are not reported, nor is anything that is missing with them. */
  readonly ignored: readonly AuditedField[]
  /** False with `relationMode = "prisma"`: relations have no foreign keys. */
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

/** `Lead.owner`; the name of a join table already contains the relation's field. */
export function fieldNameOf(table: ExpectedTable, field: string): string | Phrase {
  return table.relationField === null ? `${table.model}.${field}` : nameOf(table)
}

/**
 * Whether one of the columns is only in the schema. Then that is the finding, which includes what depends on the
 * column.
 */
export function lacksColumn(pair: TablePair, columns: readonly string[]): boolean {
  return columns.some((name) => !pair.actual.columns.some((column) => column.name === name))
}

/**
 * The index that replaces a missing one: the schema has two that differ only by name, and the database has one of them.
 * Prisma's engine accepts that.
 */
export function twinOf(missing: ExpectedIndex, pair: TablePair): Index | undefined {
  return pair.indexes.pairs.find(({ actual }) => sameIndex(missing, actual, pair.actual.columns))?.actual
}

/** Whether it only has columns of audit fields that the schema lacks. Then that is the finding. */
export function followsFromAuditField(
  columns: readonly (string | null)[],
  { audited, ignored }: TableContext,
): boolean {
  const lacking = [...audited, ...ignored].filter(({ schemaColumn }) => schemaColumn === null)
  return columns.length > 0 && columns.every((name) => lacking.some(({ column }) => column === name))
}

/** Up to this many objects of a kind are reported one by one; more are grouped into one finding per table. */
export const TOLD_ONE_BY_ONE = 3
