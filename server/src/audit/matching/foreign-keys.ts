import type { DatabaseModel, ForeignKey, Table } from '../../database/model'
import type { ExpectedForeignKey, ExpectedTable } from '../../expected/model'
import type { Pair, Pairing } from './pairing'

/** First by the same reference with the same actions, whatever its name; then by columns, then by name. */
export function pairForeignKeys(
  expected: ExpectedTable,
  actual: Table,
  database: DatabaseModel,
): Pairing<ExpectedForeignKey, ForeignKey> {
  if (expected.foreignKeys.length === 0) return { pairs: [], missing: [], unmapped: actual.foreignKeys }
  const free = new Set(actual.foreignKeys)
  const pairs: Pair<ExpectedForeignKey, ForeignKey>[] = []
  let open = [...expected.foreignKeys]
  const take = (
    how: 'same' | 'renamed' | 'differs',
    matches: (key: ExpectedForeignKey, found: ForeignKey) => boolean,
  ): void => {
    if (open.length === 0) return
    open = open.filter((key) => {
      const found = actual.foreignKeys.find((candidate) => free.has(candidate) && matches(key, candidate))
      if (found === undefined) return true
      free.delete(found)
      pairs.push({ expected: key, actual: found, how })
      return false
    })
  }
  const same = (key: ExpectedForeignKey, found: ForeignKey): boolean =>
    sameForeignKey(key, found, database.defaultSchema)
  take('same', (key, found) => (key.name === found.name || !key.isNamed) && same(key, found))
  take('renamed', same)
  take('differs', (key, found) => sameList(key.columns, found.columns))
  take('differs', (key, found) => key.name === found.name)
  return { pairs, missing: open, unmapped: actual.foreignKeys.filter((candidate) => free.has(candidate)) }
}

function sameForeignKey(expected: ExpectedForeignKey, actual: ForeignKey, defaultSchema: string): boolean {
  return (
    sameList(expected.columns, actual.columns) &&
    expected.referencedTable === actual.referencedTable &&
    (expected.referencedSchema ?? defaultSchema) === actual.referencedSchema &&
    sameList(expected.referencedColumns, actual.referencedColumns) &&
    expected.onDelete === actual.onDelete &&
    expected.onUpdate === actual.onUpdate
  )
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, position) => item === right[position])
}
