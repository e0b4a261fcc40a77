import type { Constraint, CreateStmt, Node, VariableSetStmt } from 'libpg-query'
import { knownColumn, mayRepeat, type KnownColumn } from './column-types'
import type { AlterAction, Statement, TableName } from './script'
import { meetsEveryRow } from './conditions'
import { UPDATE_EVENT } from './foreseen'
import { UpdateTriggers } from './update-triggers'
import { addedConstraint, alterActions, constraintNodes, strings, tableName, writtenColumns } from './syntax'

/** What a script has done so far, as far as checks of later statements need it. Tables are named `schema.name`. */
export class ScriptState {
  /** Created in this script, so without rows, and not yet used by anyone else. */
  readonly newTables = new Set<string>()
  readonly columns = new Map<string, Map<string, KnownColumn>>()
  /** The same, for the scripts that run before this one. */
  readonly earlierColumns = new Map<string, ReadonlyMap<string, KnownColumn>>()
  /** Existed before, and has no rows now: all were deleted, and none was inserted since. */
  private readonly emptied = new Set<string>()
  /**
   * Added to a table that existed before: `schema.table.column`, and whether two of its rows may have the same value.
   */
  readonly addedColumns = new Map<string, { readonly mayRepeat: boolean }>()
  readonly newTypes = new Set<string>()
  /** Domains with a CHECK or NOT NULL, created by these scripts. */
  readonly constrainedDomains = new Set<string>()
  /** Types that were renamed so that another can have their name: `Role_old`. */
  readonly renamedTypes = new Set<string>()
  /** By transaction and enum value: the types that the value was added to. */
  readonly addedEnumValues = new Map<number | null, Map<string, string[]>>()
  /** By `schema.table.constraint`: the transaction that added it as NOT VALID. */
  readonly notValid = new Map<string, number | null>()
  /** By constraint: the column that a CHECK makes non-null; validated ones are in `neverNull`. */
  readonly notNullChecks = new Map<string, string>()
  readonly neverNull = new Set<string>()
  /** By `schema.table.constraint`: the definition of a NOT VALID foreign key; validated ones are in `provenKeys`. */
  private readonly pendingKeys = new Map<string, string>()
  /** The definitions of validated foreign keys of this script, without their tables: see `keyText`. */
  readonly provenKeys = new Set<string>()
  /** By `schema.table.column`: made NOT NULL by these scripts; stays so after the CHECK that proved it is dropped. */
  private readonly madeNotNull = new Set<string>()
  readonly updateTriggers = new UpdateTriggers()
  /** Tables with a row-level security policy. */
  readonly policies = new Set<string>()
  /** Whether a statement that is only known at run time may create a policy for any table. */
  mayCreatePolicies = false
  readonly functions = new Map<string, Statement>()
  /** By transaction: the first existing table that is locked even against readers. */
  readonly locked = new Map<number, TableName>()

  /** The session's time zone if the script sets it; null: that of the role, the database or the server. */
  timeZone: string | null = null

  /** @param isInCatalog whether a table is in the catalog; false if unknown */
  constructor(
    private readonly defaultSchema: string,
    private readonly isInCatalog: (table: TableName) => boolean,
  ) {}

  key({ schema, name }: TableName): string {
    return `${schema ?? this.defaultSchema}.${name}`
  }

  isNew(table: TableName): boolean {
    return this.newTables.has(this.key(table))
  }

  isEmptied(table: TableName): boolean {
    return this.emptied.has(this.key(table))
  }

  /** Starts the next script: everything so far is committed. */
  beginScript(): void {
    for (const [table, columns] of this.columns) {
      this.earlierColumns.set(table, new Map([...(this.earlierColumns.get(table) ?? []), ...columns]))
    }
    this.columns.clear()
    for (const made of [
      this.newTables,
      this.emptied,
      this.addedColumns,
      this.newTypes,
      this.renamedTypes,
      this.notValid,
      this.locked,
    ])
      made.clear()
    this.timeZone = null
    this.addedEnumValues.clear()
    this.updateTriggers.clear()
  }

  /** The definition of a foreign key without its table and name: equal for the partitions of one table. */
  keyText({ fk_attrs: columns, pktable, pk_attrs: referenced }: Constraint): string {
    return JSON.stringify([strings(columns), this.key(tableName(pktable)), strings(referenced)])
  }

  /**
   * Records the policies of a statement before those of its script are checked, because they may come after what needs
   * them.
   */
  foreseePolicies(statement: Statement): void {
    for (const { node, role, source } of [statement, ...statement.body]) {
      if (node !== null && 'CreatePolicyStmt' in node)
        this.policies.add(this.key(tableName(node.CreatePolicyStmt.table)))
      if (role === 'dynamic' && /\bcreate\s+policy\b/i.test(source)) this.mayCreatePolicies = true
    }
  }

  /** Records a statement after it was checked. */
  apply(statement: Statement, transaction: number | null): void {
    const { node } = statement
    if (node === null) return
    this.applyColumns(statement)
    this.applyRows(node)
    for (const action of alterActions(statement)) this.applyAction(action, transaction)
    if ('CreateStmt' in node) this.createTable(node.CreateStmt)
    else if ('CreateTableAsStmt' in node) {
      const table = tableName(node.CreateTableAsStmt.into?.rel)
      if (!this.isLeftAlone(table, node.CreateTableAsStmt.if_not_exists)) this.newTables.add(this.key(table))
    } else if ('VariableSetStmt' in node) this.setVariable(node.VariableSetStmt)
    else if ('CreateEnumStmt' in node) this.newTypes.add(strings(node.CreateEnumStmt.typeName).at(-1) ?? '')
    else if ('CreateDomainStmt' in node) {
      const { domainname, constraints } = node.CreateDomainStmt
      const isConstrained = constraintNodes(constraints).some(({ contype }) => CONSTRAINS.has(contype ?? ''))
      if (isConstrained) this.constrainedDomains.add(strings(domainname).at(-1) ?? '')
    } else if ('AlterDomainStmt' in node) {
      const { subtype, typeName } = node.AlterDomainStmt
      if (subtype === 'C' || subtype === 'O') this.constrainedDomains.add(strings(typeName).at(-1) ?? '')
    } else if ('AlterEnumStmt' in node && node.AlterEnumStmt.oldVal === undefined) {
      const type = strings(node.AlterEnumStmt.typeName).at(-1) ?? ''
      const values = this.addedEnumValues.get(transaction) ?? new Map<string, string[]>()
      this.addedEnumValues.set(transaction, values)
      const value = node.AlterEnumStmt.newVal ?? ''
      values.set(value, [...(values.get(value) ?? []), type])
    } else if ('CreateFunctionStmt' in node) {
      this.functions.set(strings(node.CreateFunctionStmt.funcname).at(-1) ?? '', statement)
    } else if ('CreateTrigStmt' in node) {
      const { trigname = '', relation, funcname, events = 0, columns } = node.CreateTrigStmt
      const functionText = this.functions.get(strings(funcname).at(-1) ?? '')?.source ?? null
      const table = this.key(tableName(relation))
      if ((events & UPDATE_EVENT) !== 0)
        this.updateTriggers.add({ name: trigname, table, columns: strings(columns), functionText })
    } else if ('CreatePolicyStmt' in node) this.policies.add(this.key(tableName(node.CreatePolicyStmt.table)))
    else if ('RenameStmt' in node) {
      const { renameType, relation, newname = '', subname, object } = node.RenameStmt
      if (renameType === 'OBJECT_TABLE') this.renameTable(tableName(relation), newname)
      if (renameType === 'OBJECT_COLUMN' && subname !== undefined)
        this.renameColumn(tableName(relation), subname, newname)
      if (renameType === 'OBJECT_TYPE' && object !== undefined && 'List' in object)
        this.renameType(strings(object.List.items).at(-1) ?? '', newname)
    }
  }

  /** These locks block even readers until the transaction ends. */
  private noteLock(table: TableName, transaction: number | null): void {
    if (transaction !== null && !this.isNew(table) && !this.locked.has(transaction)) this.locked.set(transaction, table)
  }

  /** IF NOT EXISTS on a table that exists: it keeps its rows and columns, whatever the statement defines. */
  private isLeftAlone(table: TableName, ifNotExists: boolean | undefined): boolean {
    return ifNotExists === true && (this.isInCatalog(table) || this.earlierColumns.has(this.key(table)))
  }

  /** Also SET TIME ZONE. */
  private setVariable({ name, args = [] }: VariableSetStmt): void {
    if (name?.toLowerCase() !== 'timezone') return
    const [value] = args
    this.timeZone =
      value !== undefined && 'A_Const' in value && value.A_Const.sval !== undefined
        ? (value.A_Const.sval.sval ?? null)
        : null
  }

  private createTable({ relation, constraints, tableElts, if_not_exists: ifNotExists }: CreateStmt): void {
    if (this.isLeftAlone(tableName(relation), ifNotExists)) return
    const key = this.key(tableName(relation))
    this.newTables.add(key)
    const keys = constraintNodes([...(constraints ?? []), ...(tableElts ?? [])])
    for (const { contype, keys: names } of keys)
      if (contype === 'CONSTR_PRIMARY') for (const name of strings(names)) this.neverNull.add(`${key}.${name}`)
  }

  private applyColumns(statement: Statement): void {
    const { node } = statement
    const ifNotExists = node !== null && 'CreateStmt' in node ? node.CreateStmt.if_not_exists : undefined
    for (const { table, column, isCreate } of writtenColumns(statement)) {
      if (isCreate && this.isLeftAlone(table, ifNotExists)) continue
      const key = this.key(table)
      const name = column.colname ?? ''
      const known = this.columns.get(key) ?? new Map<string, KnownColumn>()
      known.set(name, knownColumn(column))
      this.columns.set(key, known)
      if (isCreate || this.newTables.has(key)) continue
      this.addedColumns.set(`${key}.${name}`, { mayRepeat: mayRepeat(column) })
    }
  }

  private applyRows(node: Node): void {
    if ('InsertStmt' in node) this.emptied.delete(this.key(tableName(node.InsertStmt.relation)))
    if ('CopyStmt' in node) this.emptied.delete(this.key(tableName(node.CopyStmt.relation)))
    if ('DeleteStmt' in node && meetsEveryRow(node.DeleteStmt.whereClause) && node.DeleteStmt.usingClause === undefined)
      this.emptied.add(this.key(tableName(node.DeleteStmt.relation)))
    for (const relation of 'TruncateStmt' in node ? (node.TruncateStmt.relations ?? []) : [])
      if ('RangeVar' in relation) this.emptied.add(this.key(tableName(relation.RangeVar)))
  }

  private applyAction(action: AlterAction, transaction: number | null): void {
    const { table, command } = action
    const key = this.key(table)
    const { subtype, name = '' } = command
    const constraint = addedConstraint(action)
    const isForeignKey = constraint?.contype === 'CONSTR_FOREIGN'
    if (!isForeignKey && !LETS_READERS_IN.has(subtype ?? '')) this.noteLock(table, transaction)
    if (constraint?.skip_validation === true) this.notValid.set(`${key}.${constraint.conname ?? ''}`, transaction)
    if (isForeignKey && constraint.skip_validation === true)
      this.pendingKeys.set(`${key}.${constraint.conname ?? ''}`, this.keyText(constraint))
    if (constraint !== null) {
      const column = neverNullColumn(constraint)
      if (column !== null) this.notNullChecks.set(`${key}.${constraint.conname ?? ''}`, `${key}.${column}`)
      if (column !== null && constraint.skip_validation !== true) this.neverNull.add(`${key}.${column}`)
    }
    if (subtype === 'AT_ValidateConstraint') {
      const column = this.notNullChecks.get(`${key}.${name}`)
      if (column !== undefined) this.neverNull.add(column)
      const proven = this.pendingKeys.get(`${key}.${name}`)
      if (proven !== undefined) this.provenKeys.add(proven)
      this.notValid.delete(`${key}.${name}`)
    }
    if (subtype === 'AT_SetNotNull') {
      this.madeNotNull.add(`${key}.${name}`)
      this.neverNull.add(`${key}.${name}`)
    }
    if (subtype === 'AT_DropNotNull' || subtype === 'AT_DropColumn') {
      this.madeNotNull.delete(`${key}.${name}`)
      this.neverNull.delete(`${key}.${name}`)
    }
    if (subtype === 'AT_DropConstraint') {
      const column = this.notNullChecks.get(`${key}.${name}`)
      if (column !== undefined && !this.madeNotNull.has(column)) this.neverNull.delete(column)
      this.notNullChecks.delete(`${key}.${name}`)
    }
    if (subtype === 'AT_AlterColumnType' && command.def !== undefined && 'ColumnDef' in command.def) {
      const known = this.columns.get(key) ?? new Map<string, KnownColumn>()
      known.set(name, {
        isNullable: true,
        isGenerated: false,
        ...known.get(name),
        type: knownColumn(command.def.ColumnDef).type,
      })
      this.columns.set(key, known)
    }
  }

  private renameTable(from: TableName, to: string): void {
    const before = this.key(from)
    const after = this.key({ schema: from.schema, name: to })
    const columns = this.columns.get(before)
    if (columns !== undefined) this.columns.set(after, columns)
    if (this.newTables.delete(before)) this.newTables.add(after)
  }

  private renameColumn(table: TableName, from: string, to: string): void {
    const columns = this.columns.get(this.key(table))
    const known = columns?.get(from)
    if (columns !== undefined && known !== undefined) columns.set(to, known)
  }

  private renameType(from: string, to: string): void {
    if (this.newTypes.delete(from)) this.newTypes.add(to)
    this.renamedTypes.add(to)
  }
}

/** Actions of ALTER TABLE under a lock weaker than ACCESS EXCLUSIVE, as in PostgreSQL's AlterTableGetLockLevel. */
const LETS_READERS_IN: ReadonlySet<string> = new Set([
  'AT_ValidateConstraint',
  'AT_SetStatistics',
  'AT_SetOptions',
  'AT_ResetOptions',
  'AT_SetRelOptions',
  'AT_ResetRelOptions',
  'AT_ClusterOn',
  'AT_DropCluster',
  'AT_AttachPartition',
  'AT_EnableTrig',
  'AT_EnableTrigAll',
  'AT_EnableTrigUser',
  'AT_EnableAlwaysTrig',
  'AT_EnableReplicaTrig',
  'AT_DisableTrig',
  'AT_DisableTrigAll',
  'AT_DisableTrigUser',
])

/** The column of `CHECK ("x" IS NOT NULL)` or of `NOT NULL "x"`; null for any other constraint. */
function neverNullColumn(constraint: NonNullable<ReturnType<typeof addedConstraint>>): string | null {
  if (constraint.contype === 'CONSTR_NOTNULL') return strings(constraint.keys)[0] ?? null
  const { raw_expr: expression } = constraint
  if (constraint.contype !== 'CONSTR_CHECK' || expression === undefined || !('NullTest' in expression)) return null
  const { nulltesttype, arg } = expression.NullTest
  if (nulltesttype !== 'IS_NOT_NULL' || arg === undefined || !('ColumnRef' in arg)) return null
  return strings(arg.ColumnRef.fields).at(-1) ?? null
}

const CONSTRAINS: ReadonlySet<string> = new Set(['CONSTR_CHECK', 'CONSTR_NOTNULL'])
