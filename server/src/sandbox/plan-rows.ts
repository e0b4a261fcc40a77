import type { Column, DatabaseModel, ForeignKey, Table } from '../database/model'
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../database/quote'
import { capacityOf, isOwn, rowValue } from './row-values'

/** The rows that a table gets. */
export interface PlannedRows {
  readonly table: Table
  readonly rows: number
  /** Why it gets no rows; null if it gets some. */
  readonly reason: string | null
  /** One statement for all rows, and one per sequence, to continue after them. Empty for no rows. */
  readonly statements: readonly string[]
}

/** The number of rows per table, unless a constraint allows only fewer. */
export const ROWS = 20

/**
 * Plans rows for every table, always the same for the same tables. A value is computed from the number of its row, and
 * a foreign key from the number of the referenced row, so the tables can be filled in any order.
 */
export function planRows(database: Pick<DatabaseModel, 'tables' | 'enums'>): PlannedRows[] {
  const planner = new RowPlanner(database)
  return database.tables.filter(({ kind }) => kind === 'table').map((table) => planner.planned(table))
}

type Count = Pick<PlannedRows, 'rows' | 'reason'>

/** For a table that is not in the plan. */
const NONE: Count = { rows: 0, reason: null }

class RowPlanner {
  private readonly tables: ReadonlyMap<string, Table>
  private readonly counts = new Map<Table, Count>()

  constructor(private readonly database: Pick<DatabaseModel, 'tables' | 'enums'>) {
    this.tables = new Map(database.tables.map((table) => [quoteQualified(table.schema, table.name), table]))
    this.settle()
  }

  planned(table: Table): PlannedRows {
    const { rows, reason } = this.count(table)
    if (rows === 0) return { table, rows, reason, statements: [] }
    const values = table.columns.flatMap((column): [Column, string][] => {
      const value = this.value(table, column, 'i', [])
      return value === null || column.generated !== null || column.identity === 'always' ? [] : [[column, value]]
    })
    const name = quoteQualified(table.schema, table.name)
    const columns = values.map(([column]) => quoteIdentifier(column.name)).join(', ')
    const list = values.length === 0 ? '' : ` (${columns})`
    const row = values.map(([, value]) => value).join(', ')
    const sequences = values.flatMap(([{ ownedSequence }]) => (ownedSequence === null ? [] : [ownedSequence]))
    return {
      ...{ table, rows, reason },
      statements: [
        `INSERT INTO ${name}${list} SELECT ${row} FROM pg_catalog.generate_series(1, ${String(rows)}) AS i`,
        ...sequences.map(
          (sequence) =>
            `SELECT pg_catalog.setval(${quoteLiteral(quoteQualified(sequence.schema, sequence.name)).trimStart()}::pg_catalog.regclass, ${String(rows)})`,
        ),
      ],
    }
  }

  private count(table: Table): Count {
    return this.counts.get(table) ?? NONE
  }

  /**
   * Tables may reference each other in cycles: each starts with all rows, and the counts shrink until they are
   * consistent.
   */
  private settle(): void {
    const tables = [...this.tables.values()].filter(({ kind }) => kind === 'table')
    for (const table of tables) this.counts.set(table, { rows: ROWS, reason: null })
    for (let isStable = false; !isStable;) {
      isStable = true
      for (const table of tables) {
        const counted = this.countAfresh(table)
        if (counted.rows >= this.count(table).rows) continue
        this.counts.set(table, counted)
        isStable = false
      }
    }
  }

  private countAfresh(table: Table): Count {
    const lacking = table.columns.find(
      (column) => !column.nullable && isOwn(column) && this.value(table, column, 'i', []) === null,
    )
    if (lacking !== undefined) {
      const key = this.keyOf(table, lacking)
      const what = `${quoteIdentifier(lacking.name)} ${lacking.type}`
      const reason = key === null ? `no value can be generated for ${what}` : `${key.referencedTable} has no rows`
      return { rows: 0, reason }
    }
    const byKeys = table.foreignKeys
      .filter((key) => this.isOneToOne(table, key))
      .map((key) => this.parentRows(key))
      .filter((rows) => rows > 0)
    const byIndexes = uniqueColumnsOf(table).map((columns) =>
      Math.max(...columns.map((column) => this.distinctValues(table, column))),
    )
    return { rows: Math.min(ROWS, ...byKeys, ...byIndexes), reason: null }
  }

  /** The number of distinct values that a column of a unique index can have. */
  private distinctValues(table: Table, name: string): number {
    const column = table.columns.find((each) => each.name === name)
    if (column === undefined) return ROWS
    const key = this.keyOf(table, column)
    if (key !== null) return this.isOneToOne(table, key) ? this.parentRows(key) : 1
    return capacityOf(column, this.database.enums)
  }

  /** SQL for the value in the row with number `row`; null for none, which means NULL or the column's default. */
  private value(table: Table, column: Column, row: string, on: readonly string[]): string | null {
    const key = this.keyOf(table, column)
    const place = `${table.schema}\0${table.name}\0${column.name}`
    const parent = key === null ? undefined : this.parentOf(key)
    if (key === null || parent === undefined || on.includes(place)) return rowValue(column, row)
    const rows = this.parentRows(key)
    if (rows === 0) return null
    const referenced = key.referencedColumns[key.columns.indexOf(column.name)]
    const other = parent.columns.find(({ name }) => name === referenced)
    if (other === undefined) return null
    const theirs = this.isOneToOne(table, key) ? row : `(1 + (${row} * 3) % ${String(rows)})`
    const value = this.value(parent, other, theirs, [...on, place])
    const mayBeEmpty = column.nullable && key.columns.length === 1 && !this.isOneToOne(table, key)
    return value !== null && mayBeEmpty ? `CASE WHEN ${row} % 5 <> 0 THEN ${value} END` : value
  }

  /** The key with the most columns: the row that it references also has the values of the narrower keys. */
  private keyOf(table: Table, column: Column): ForeignKey | null {
    const keys = table.foreignKeys.filter(({ columns }) => columns.includes(column.name))
    return keys.reduce<ForeignKey | null>(
      (widest, key) => (widest === null || key.columns.length > widest.columns.length ? key : widest),
      null,
    )
  }

  /**
   * Whether each row references the row with its own number. Needed if the key must be unique or shares columns with
   * another key.
   */
  private isOneToOne(table: Table, key: ForeignKey): boolean {
    const isShared = table.foreignKeys.some(
      (other) => other !== key && other.columns.some((column) => key.columns.includes(column)),
    )
    const isUnique = uniqueColumnsOf(table).some((columns) => {
      if (!columns.some((column) => key.columns.includes(column))) return false
      const isDistinct = (name: string) => {
        const column = table.columns.find((each) => each.name === name)
        if (column === undefined) return false
        const own = this.keyOf(table, column)
        // Of several keys in an index, the first one distinguishes the rows.
        if (own !== null) return own !== key && table.foreignKeys.indexOf(own) < table.foreignKeys.indexOf(key)
        return capacityOf(column, this.database.enums) >= ROWS
      }
      return !columns.some(isDistinct)
    })
    return isShared || isUnique
  }

  private parentOf({ referencedSchema, referencedTable }: ForeignKey): Table | undefined {
    return this.tables.get(quoteQualified(referencedSchema, referencedTable))
  }

  private parentRows(key: ForeignKey): number {
    const parent = this.parentOf(key)
    return parent === undefined ? 0 : this.count(parent).rows
  }
}

function uniqueColumnsOf({ indexes }: Table): string[][] {
  return indexes.filter(({ unique }) => unique).map(({ columns }) => columns.flatMap(({ column }) => column ?? []))
}
