import type { ColumnDef } from 'libpg-query'
import type { Script, Statement, TableName } from './script'
import { addedConstraint, alterActions, nodesNamed, strings, tableName, writtenColumns } from './syntax'

/** What checks need to know about the whole script, including later statements; computed once for all of them. */
export interface Foreseen {
  /** The number of statements. */
  readonly count: number
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

/**
 * In one pass, because a long script may parse its statements anew.
 * @param state names the tables, and records the policies of the script
 */
export function foresee(
  { statements }: Script,
  state: { key(table: TableName): string; foreseePolicies(statement: Statement): void },
): Foreseen {
  const key = (table: TableName): string => state.key(table)
  let [count, lastEnd] = [0, -1]
  const seen = {
    typeNames: new Set<string>(),
    clearedIndexes: new Map<string, number>(),
    addedConstraints: new Map<string, number>(),
    tablesWithUpdateTrigger: new Set<string>(),
    tablesOfTrigger: new Map<string, TableName[]>(),
    columns: new Map<string, ColumnDef>(),
  }
  for (const statement of statements) {
    count++
    if (endsTransaction(statement)) lastEnd = statement.start
    state.foreseePolicies(statement)
    for (const name of typeNameOf(statement)) seen.typeNames.add(name)
    for (const name of indexesCleared(statement))
      if (!seen.clearedIndexes.has(name)) seen.clearedIndexes.set(name, statement.start)
    addConstraints(seen.addedConstraints, statement, key)
    for (const { table, column } of writtenColumns(statement)) {
      const name = `${key(table)}.${column.colname ?? ''}`
      if (!seen.columns.has(name)) seen.columns.set(name, column)
    }
    addTriggers(seen, statement, key)
  }
  return { count, lastEnd, ...seen }
}

type Key = (table: TableName) => string

function addConstraints(added: Map<string, number>, statement: Statement, key: Key): void {
  for (const action of alterActions(statement)) {
    const constraint = addedConstraint(action)
    if (constraint === null) continue
    added.set(`${key(action.table)}.${constraint.conname ?? ''}`, statement.start)
    if (constraint.contype === 'CONSTR_PRIMARY') added.set(key(action.table), statement.start)
  }
}

function addTriggers(
  seen: { readonly tablesWithUpdateTrigger: Set<string>; readonly tablesOfTrigger: Map<string, TableName[]> },
  statement: Statement,
  key: Key,
): void {
  // A trigger that is created only if it is missing is in a DO block.
  for (const { node } of [statement, ...statement.body]) {
    if (node === null || !('CreateTrigStmt' in node)) continue
    const table = tableName(node.CreateTrigStmt.relation)
    if (((node.CreateTrigStmt.events ?? 0) & UPDATE_EVENT) !== 0) seen.tablesWithUpdateTrigger.add(key(table))
    if (node !== statement.node) continue
    const name = strings(node.CreateTrigStmt.funcname).at(-1) ?? ''
    const tables = seen.tablesOfTrigger.get(name) ?? []
    seen.tablesOfTrigger.set(name, tables)
    tables.push(table)
  }
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
