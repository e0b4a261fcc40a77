import type { CheckConstraint, ForeignKey, Key, ReferentialAction } from '../model'
import type { TableColumns } from './columns'
import { flag, numbers, type Row, text } from './row'

export interface TableConstraints {
  primaryKey: Key | null
  readonly uniqueConstraints: Key[]
  readonly exclusionConstraints: { readonly name: string; readonly definition: string }[]
  readonly foreignKeys: ForeignKey[]
  readonly checks: CheckConstraint[]
  /** Names of constraints by the oid of their index. */
  readonly nameByIndex: Map<string, string>
}

type TableNames = ReadonlyMap<string, { readonly schema: string; readonly name: string }>

/** By the table's oid. */
export function buildConstraints(
  rows: readonly Row[],
  tables: TableNames,
  columns: ReadonlyMap<string, TableColumns>,
  wentAway: Set<string>,
): Map<string, TableConstraints> {
  const found = new Map<string, TableConstraints>()
  for (const row of rows) {
    const table = text(row, 0)
    const ofTable = found.get(table) ?? noConstraints()
    found.set(table, ofTable)
    addConstraint(ofTable, row, { table, tables, columns, wentAway })
  }
  return found
}

interface Surroundings {
  readonly table: string
  readonly tables: TableNames
  readonly columns: ReadonlyMap<string, TableColumns>
  readonly wentAway: Set<string>
}

function addConstraint(constraints: TableConstraints, row: Row, around: Surroundings): void {
  const name = text(row, 1)
  const kind = text(row, 2)
  const nameOf = around.columns.get(around.table)?.nameOf
  const columns = () => numbers(row, 3).map((position) => nameOf?.get(position) ?? '')
  const definition = row[11] ?? null
  if (['c', 'x', 'n'].includes(kind) && definition === null) around.wentAway.add(around.table)
  // For a foreign key this is the index of the other table.
  if (kind !== 'f') constraints.nameByIndex.set(text(row, 10), name)
  if (kind === 'p') constraints.primaryKey = { name, columns: columns() }
  else if (kind === 'u') constraints.uniqueConstraints.push({ name, columns: columns() })
  else if (kind === 'x') constraints.exclusionConstraints.push({ name, definition: definition ?? '' })
  else if (kind === 'f') constraints.foreignKeys.push(buildForeignKey(row, columns(), around))
  else constraints.checks.push({ name, definition: definition ?? '', validated: flag(row, 9), ...enforcement(row) })
}

function buildForeignKey(row: Row, columns: string[], around: Surroundings): ForeignKey {
  const other = text(row, 4)
  const [schema, table, nameOf] = referenced(row, other, around)
  return {
    name: text(row, 1),
    columns,
    referencedSchema: schema,
    referencedTable: table,
    referencedColumns: numbers(row, 5).map(nameOf),
    onDelete: ACTIONS[text(row, 6)] ?? 'NO ACTION',
    onUpdate: ACTIONS[text(row, 7)] ?? 'NO ACTION',
    deferrable: flag(row, 8),
    validated: flag(row, 9),
    ...enforcement(row),
  }
}

function enforcement(row: Row): Pick<ForeignKey, 'isEnforced'> {
  return row[13] === 'f' ? { isEnforced: false } : {}
}

/** A table of a schema that is not read is included in the constraint: `["schema", "table", { "1": "id" }]`. */
function referenced(row: Row, oid: string, around: Surroundings): [string, string, (position: number) => string] {
  if (row[12] !== null && row[12] !== undefined) {
    const [schema, table, names] = JSON.parse(row[12]) as [string, string, Record<string, string>]
    return [schema, table, (position) => names[String(position)] ?? '']
  }
  const { schema, name } = around.tables.get(oid) ?? { schema: '', name: '' }
  const names = around.columns.get(oid)?.nameOf
  return [schema, name, (position) => names?.get(position) ?? '']
}

/** `confdeltype` and `confupdtype`. */
const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  a: 'NO ACTION',
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
}

function noConstraints(): TableConstraints {
  return {
    primaryKey: null,
    uniqueConstraints: [],
    exclusionConstraints: [],
    foreignKeys: [],
    checks: [],
    nameByIndex: new Map(),
  }
}
