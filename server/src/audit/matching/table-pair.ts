import type { Column, DatabaseModel, ForeignKey, Index, Table } from '../../database/model'
import type { ExpectedColumn, ExpectedForeignKey, ExpectedIndex, ExpectedTable } from '../../expected/model'
import { pairForeignKeys } from './foreign-keys'
import { pairIndexes } from './indexes'
import type { Pair, Pairing } from './pairing'

/** A table of the schema and its table in the database, part by part: the input of every rule on tables. */
export interface TablePair {
  readonly expected: ExpectedTable
  readonly actual: Table
  readonly database: DatabaseModel
  readonly columns: Pairing<ExpectedColumn, Column>
  readonly indexes: Pairing<ExpectedIndex, Index>
  readonly foreignKeys: Pairing<ExpectedForeignKey, ForeignKey>
}

export function pairTable(expected: ExpectedTable, actual: Table, database: DatabaseModel): TablePair {
  return {
    expected,
    actual,
    database,
    columns: pairColumns(expected, actual),
    indexes: pairIndexes(expected, actual),
    foreignKeys: pairForeignKeys(expected, actual, database),
  }
}

function pairColumns(expected: ExpectedTable, actual: Table): Pairing<ExpectedColumn, Column> {
  return pairInOrder(expected.columns, actual.columns) ?? pairByName(expected, actual)
}

/** Most tables have the columns of the schema in its order; null for those that do not. */
function pairInOrder(
  expected: readonly ExpectedColumn[],
  actual: readonly Column[],
): Pairing<ExpectedColumn, Column> | null {
  if (expected.length !== actual.length) return null
  const pairs: Pair<ExpectedColumn, Column>[] = []
  for (const column of expected) {
    const found = actual[pairs.length]
    if (found?.name !== column.name) return null
    pairs.push({ expected: column, actual: found, how: 'same' })
  }
  return { pairs, missing: [], unmapped: [] }
}

function pairByName(expected: ExpectedTable, actual: Table): Pairing<ExpectedColumn, Column> {
  const pairs: Pair<ExpectedColumn, Column>[] = []
  const missing: ExpectedColumn[] = []
  const byName = new Map(actual.columns.map((column) => [column.name, column]))
  for (const column of expected.columns) {
    const found = byName.get(column.name)
    if (found !== undefined) pairs.push({ expected: column, actual: found, how: 'same' })
    // The column of an incomplete field is not known yet.
    else if (column.type.kind !== 'unknown') missing.push(column)
    byName.delete(column.name)
  }
  return { pairs, missing, unmapped: [...byName.values()] }
}
