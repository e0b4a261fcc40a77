import type { Table } from '../database/model'
import type { Severity } from '../audit/finding'
import { knownColumnOfCatalog, type KnownColumn } from './column-types'
import type { LintFinding, LintOptions } from './model'
import type { LintCode } from './codes'
import type { Script, Statement, TableName } from './script'
import type { ScriptState } from './script-state'
import { counted } from '../text/amounts'

/** One check. It sees a statement, what the script made before it, and what is known of the database. */
export interface LintRule {
  readonly code: LintCode
  check(context: LintContext): readonly RuleFinding[]
}

/** Without what the caller knows; the span is that of the statement where none is given. */
export type RuleFinding = Pick<LintFinding, 'severity' | 'message' | 'advice'> &
  Partial<Pick<LintFinding, 'span' | 'fix'>>

export interface LintContext {
  readonly script: Script
  readonly statement: Statement
  /** Which transaction it runs in; null where it runs by itself. */
  readonly transaction: number | null
  /** Is it a query in a DO block? Then nothing of it can be rewritten in place. */
  readonly isInBlock: boolean
  readonly state: ScriptState
  readonly options: LintOptions
}

/** Was the table there before the script, so that it may have rows, readers and writers? */
export function isOldTable({ state }: LintContext, table: TableName): boolean {
  return table.name !== '' && !state.isNew(table)
}

/** What the catalog says of a table; null without a database, and where it has no such table. */
export function catalogTable({ options }: Pick<LintContext, 'options'>, { schema, name }: TableName): Table | null {
  const { database } = options
  if (database === null) return null
  const wanted = schema ?? database.defaultSchema
  return database.tables.find((table) => table.schema === wanted && table.name === name) ?? null
}

/** What the script, else the catalog, else the scripts before say of a column; null where none knows it. */
export function findColumn(context: LintContext, table: TableName, name: string): KnownColumn | null {
  const written = context.state.columns.get(context.state.key(table))?.get(name)
  if (written !== undefined) return written
  const column = catalogTable(context, table)?.columns.find((candidate) => candidate.name === name)
  if (column !== undefined) return knownColumnOfCatalog(column)
  return context.state.earlierColumns.get(context.state.key(table))?.get(name) ?? null
}

/** How bad it is that a table is read or written under a lock: hardly, where it is known to be small. */
export function lockSeverity(context: LintContext, table: TableName): Severity {
  const rows = knownRows(context, table)
  return rows !== null && rows < FEW_ROWS ? 'information' : 'warning'
}

/** ` (about 5,000,000 rows)`, where that is known and of the database that matters. */
export function sizeOf(context: LintContext, table: TableName): string {
  const rows = knownRows(context, table)
  return rows === null ? '' : ` (about ${counted(rows, 'row')})`
}

export function knownRows(context: LintContext, table: TableName): number | null {
  return context.options.trustSizes ? (catalogTable(context, table)?.estimatedRows ?? null) : null
}

/** By the catalog, or since the script deleted them all. */
export function hasNoRows(context: LintContext, table: TableName): boolean {
  return context.state.isEmptied(table) || knownRows(context, table) === 0
}

/** Read in some milliseconds, whatever the machine. */
const FEW_ROWS = 10_000
