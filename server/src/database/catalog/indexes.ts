import type { Index, IndexColumn } from '../model'
import type { TableColumns } from './columns'
import type { TableConstraints } from './constraints'
import type { CatalogRows } from './queries'
import { flag, number, numbers, type Row, text } from './row'
import { trimmed } from '../../trimmed'

export interface TableIndex {
  readonly index: Index
  /** `relpages`, for the table's size. */
  readonly pages: number
}

interface OperatorClass {
  readonly name: string
  readonly isDefault: boolean
}

/** By the table's oid. */
export function buildIndexes(
  rows: CatalogRows,
  tables: ReadonlyMap<string, { readonly schema: string; readonly name: string }>,
  columns: ReadonlyMap<string, TableColumns>,
  constraints: ReadonlyMap<string, TableConstraints>,
  wentAway: Set<string>,
): Map<string, TableIndex[]> {
  const operatorClasses = new Map(
    rows.operatorClasses.map((row) => [number(row, 0), { name: text(row, 1), isDefault: flag(row, 2) }]),
  )
  const found = new Map<string, TableIndex[]>()
  for (const row of rows.indexes) {
    const oid = text(row, 1)
    const table = tables.get(oid)
    // An index in a schema that is read, of a table in one that is not: impossible, because they share their schema.
    if (table === undefined) continue
    if (spellingFailed(row)) wentAway.add(oid)
    const index = buildIndex(row, {
      table,
      nameOf: columns.get(oid)?.nameOf ?? new Map<number, string>(),
      constraint: constraints.get(oid)?.nameByIndex.get(text(row, 0)) ?? null,
      operatorClasses,
    })
    const ofTable = found.get(oid) ?? []
    found.set(oid, ofTable)
    ofTable.push({ index, pages: number(row, 12) })
  }
  return found
}

interface Surroundings {
  readonly table: { readonly schema: string; readonly name: string }
  readonly nameOf: ReadonlyMap<number, string>
  readonly constraint: string | null
  readonly operatorClasses: ReadonlyMap<number, OperatorClass>
}

/** The functions that print expressions return NULL for a dropped object. */
function spellingFailed(row: Row): boolean {
  return (flag(row, 14) && row[13] === null) || expressionsOf(row).includes(null)
}

function expressionsOf(row: Row): (string | null)[] {
  return row[15] === null || row[15] === undefined ? [] : (JSON.parse(row[15]) as (string | null)[])
}

function buildIndex(row: Row, around: Surroundings): Index {
  const positions = numbers(row, 9)
  const keyCount = number(row, 8)
  const expressions = expressionsOf(row)
  const options = numbers(row, 10)
  const classes = numbers(row, 11)
  const columns = positions.slice(0, keyCount).map((position, place): IndexColumn => {
    const operatorClass = around.operatorClasses.get(classes[place] ?? 0)
    const option = options[place] ?? 0
    return {
      column: position === 0 ? null : (around.nameOf.get(position) ?? ''),
      expression: position === 0 ? (expressions[place] ?? '') : null,
      descending: (option & INDOPTION_DESC) !== 0,
      nullsFirst: (option & INDOPTION_NULLS_FIRST) !== 0,
      operatorClass: operatorClass?.name ?? '',
      isDefaultOperatorClass: operatorClass?.isDefault ?? false,
    }
  })
  return {
    name: text(row, 2),
    columns,
    includedColumns: trimmed(positions.slice(keyCount).map((position) => around.nameOf.get(position) ?? '')),
    unique: flag(row, 4),
    primary: flag(row, 5),
    nullsNotDistinct: flag(row, 6),
    method: text(row, 3),
    predicate: row[13] ?? null,
    valid: flag(row, 7),
    constraint: around.constraint,
    ...(flag(row, 16) ? {} : { isDeferrable: true as const }),
  }
}

/** Bits of `pg_index.indoption`. */
const INDOPTION_DESC = 1
const INDOPTION_NULLS_FIRST = 2
