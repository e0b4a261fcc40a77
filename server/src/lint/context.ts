import type { DatabaseModel, Table } from '../database/model'
import type { Severity } from '../audit/finding'
import { knownColumnOfCatalog, type KnownColumn } from './column-types'
import type { LintFinding, LintOptions } from './model'
import type { LintCode } from './codes'
import type { Foreseen } from './foreseen'
import type { Script, Statement, TableName } from './script'
import type { ScriptState } from './script-state'
import { phrase, type Phrase } from '../text/phrase'

/** One check. Its input is a statement, what the script created before it, and what is known about the database. */
export interface LintRule {
  readonly code: LintCode
  check(context: LintContext): readonly RuleFinding[]
}

/** Without the parts that the caller adds; the default span is that of the statement. */
export interface RuleFinding extends Pick<LintFinding, 'severity'>, Partial<Pick<LintFinding, 'span' | 'fix'>> {
  readonly message: Phrase
  /** Omitted if there is no safe alternative. */
  readonly advice?: Phrase
}

export interface LintContext {
  readonly script: Script
  readonly foreseen: Foreseen
  readonly statement: Statement
  /** The transaction in which it runs; null if it runs alone. */
  readonly transaction: number | null
  /** Whether it is a query in a DO block. Then it cannot be rewritten in place. */
  readonly isInBlock: boolean
  readonly state: ScriptState
  readonly options: LintOptions
}

/** Whether the table existed before the script, so that it may have rows, readers and writers. */
export function isOldTable({ state }: LintContext, table: TableName): boolean {
  return table.name !== '' && !state.isNew(table)
}

/** The table in the catalog; null without a database, or if it does not exist there. */
export function catalogTable({ options }: Pick<LintContext, 'options'>, { schema, name }: TableName): Table | null {
  const { database } = options
  if (database === null) return null
  const wanted = schema ?? database.defaultSchema
  return tablesByName(database).get(`${wanted}\0${name}`) ?? null
}

/** Built once for a database: a script may have thousands of statements, and each rule asks. A name has no NUL. */
const TABLES_BY_NAME = new WeakMap<DatabaseModel, ReadonlyMap<string, Table>>()

function tablesByName(database: DatabaseModel): ReadonlyMap<string, Table> {
  let tables = TABLES_BY_NAME.get(database)
  if (tables === undefined) {
    tables = new Map(database.tables.map((table) => [`${table.schema}\0${table.name}`, table]))
    TABLES_BY_NAME.set(database, tables)
  }
  return tables
}

/** The column in the script, otherwise in the catalog, otherwise in earlier scripts; null if unknown. */
export function findColumn(context: LintContext, table: TableName, name: string): KnownColumn | null {
  const written = context.state.columns.get(context.state.key(table))?.get(name)
  if (written !== undefined) return written
  const column = catalogTable(context, table)?.columns.find((candidate) => candidate.name === name)
  if (column !== undefined) return knownColumnOfCatalog(column)
  return context.state.earlierColumns.get(context.state.key(table))?.get(name) ?? null
}

/** The severity of a lock during which a table is read or written: mild if the table is known to be small. */
export function lockSeverity(context: LintContext, table: TableName): Severity {
  const rows = knownRows(context, table)
  return rows !== null && rows < FEW_ROWS ? 'information' : 'warning'
}

/** ` (about 5,000,000 rows)`, if that is known and from the relevant database. */
export function sizeOf(context: LintContext, table: TableName): string | Phrase {
  const rows = knownRows(context, table)
  if (rows === null) return ''
  return Math.round(rows) === 1 ? phrase` (about 1 row)` : phrase` (about ${rows} rows)`
}

export function knownRows(context: LintContext, table: TableName): number | null {
  return context.options.trustSizes ? (catalogTable(context, table)?.estimatedRows ?? null) : null
}

/** According to the catalog, or because the script deleted all rows. */
export function hasNoRows(context: LintContext, table: TableName): boolean {
  return context.state.isEmptied(table) || knownRows(context, table) === 0
}

/** Read in a few milliseconds on any machine. */
const FEW_ROWS = 10_000
