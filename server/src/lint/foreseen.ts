import type { ColumnDef } from 'libpg-query'
import type { Script, Statement, TableName } from './script'
import { addedConstraint, alterActions, nodesNamed, strings, tableName, writtenColumns } from './syntax'

/** What checks need to know about the whole script, including later statements; computed once for all of them. */
export interface Foreseen {
  /**
   * The start of the last statement that ends a transaction, or may do so because it does not parse; -1 if none does.
   */
  readonly lastEnd: number
  /** Names that the script gives to types, by CREATE TYPE or RENAME TO. */
  readonly typeNames: ReadonlySet<string>
  /** By index name: the start of the first statement that drops it, or checks whether it is valid. */
  readonly clearedIndexes: ReadonlyMap<string, number>
  /**
   * By `schema.table.constraint`, or `schema.table` for the primary key: the start of the last statement that adds it.
   */
  readonly addedConstraints: ReadonlyMap<string, number>
  /** Tables on which the script creates a trigger for UPDATE. */
  readonly tablesWithUpdateTrigger: ReadonlySet<string>
  /** By function name: the tables with a trigger that calls it. */
  readonly tablesOfTrigger: ReadonlyMap<string, readonly TableName[]>
  /** By `schema.table.column`: the column as the script first defines it. */
  readonly columns: ReadonlyMap<string, ColumnDef>
}

/** The `key` of a table is `schema.name`. */
export function foresee({ statements }: Script, key: (table: TableName) => string): Foreseen {
  const clearedIndexes = new Map<string, number>()
  for (const statement of statements)
    for (const name of indexesCleared(statement))
      if (!clearedIndexes.has(name)) clearedIndexes.set(name, statement.start)
  return {
    lastEnd: statements.findLast(endsTransaction)?.start ?? -1,
    typeNames: new Set(statements.flatMap(typeNameOf)),
    clearedIndexes,
    addedConstraints: constraintsAdded(statements, key),
    columns: columnsWritten(statements, key),
    ...triggersMade(statements, key),
  }
}

function constraintsAdded(statements: readonly Statement[], key: (table: TableName) => string): Map<string, number> {
  const added = new Map<string, number>()
  for (const statement of statements)
    for (const action of alterActions(statement)) {
      const constraint = addedConstraint(action)
      if (constraint === null) continue
      added.set(`${key(action.table)}.${constraint.conname ?? ''}`, statement.start)
      if (constraint.contype === 'CONSTR_PRIMARY') added.set(key(action.table), statement.start)
    }
  return added
}

function columnsWritten(statements: readonly Statement[], key: (table: TableName) => string): Map<string, ColumnDef> {
  const columns = new Map<string, ColumnDef>()
  for (const { table, column } of statements.flatMap(writtenColumns)) {
    const name = `${key(table)}.${column.colname ?? ''}`
    if (!columns.has(name)) columns.set(name, column)
  }
  return columns
}

function triggersMade(statements: readonly Statement[], key: (table: TableName) => string) {
  const tablesWithUpdateTrigger = new Set<string>()
  const tablesOfTrigger = new Map<string, TableName[]>()
  for (const statement of statements) {
    // A trigger that is created only if it is missing is in a DO block.
    for (const { node } of [statement, ...statement.body]) {
      if (node === null || !('CreateTrigStmt' in node)) continue
      const table = tableName(node.CreateTrigStmt.relation)
      if (((node.CreateTrigStmt.events ?? 0) & UPDATE_EVENT) !== 0) tablesWithUpdateTrigger.add(key(table))
      if (node !== statement.node) continue
      const name = strings(node.CreateTrigStmt.funcname).at(-1) ?? ''
      const tables = tablesOfTrigger.get(name) ?? []
      tablesOfTrigger.set(name, tables)
      tables.push(table)
    }
  }
  return { tablesWithUpdateTrigger, tablesOfTrigger }
}

/** TRIGGER_TYPE_UPDATE of PostgreSQL's pg_trigger.h. */
export const UPDATE_EVENT = 16

const ENDS: ReadonlySet<string> = new Set(['TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK', 'TRANS_STMT_PREPARE'])

function endsTransaction({ node }: Statement): boolean {
  return node === null || ('TransactionStmt' in node && ENDS.has(node.TransactionStmt.kind ?? ''))
}

function typeNameOf({ node }: Statement): string[] {
  if (node === null) return []
  if ('CreateEnumStmt' in node) return strings(node.CreateEnumStmt.typeName).slice(-1)
  const { renameType, newname } = 'RenameStmt' in node ? node.RenameStmt : {}
  return renameType === 'OBJECT_TYPE' && newname !== undefined ? [newname] : []
}

function indexesCleared({ node, source }: Statement): string[] {
  if (node === null) return []
  if ('DropStmt' in node) return [...nodesNamed(node, 'String')].flatMap(({ sval }) => sval ?? [])
  if (!source.includes('indisvalid')) return []
  return [...nodesNamed(node, 'A_Const')].flatMap(({ sval }) => sval?.sval ?? [])
}
