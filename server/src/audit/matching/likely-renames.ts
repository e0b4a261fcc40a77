import type { Column, DatabaseEnum } from '../../database/model'
import type { ExpectedColumn, ExpectedEnum } from '../../expected/model'
import { compareTypes } from '../values/types'
import type { TablePair } from './table-pair'

/**
 * The column that most likely holds what a field without a column is about, since the field was renamed in the schema
 * alone: no field stands for it, it has the field's type, and its name is similar, or the two are the only ones left over.
 * Null where none is, or several are.
 */
export function likelyFormerColumn(missing: ExpectedColumn, pair: TablePair): Column | null {
  const { columns, database } = pair
  const candidates = columns.unmapped.filter(
    (column) => compareTypes(missing, column, database.defaultSchema) === 'none' && column.generated === null,
  )
  const similar = candidates.filter(({ name }) => areSimilar(name, missing.name))
  if (similar.length > 0) return similar.length === 1 ? (similar[0] ?? null) : null
  const [only] = candidates
  const areAlone = columns.missing.length === 1 && columns.unmapped.length === 1
  return areAlone && only?.nullable === missing.nullable ? only : null
}

/** The enum type that no enum of the schema stands for and that has exactly these values; null where none is, or several are. */
export function likelyFormerEnum(missing: ExpectedEnum, unmapped: readonly DatabaseEnum[]): DatabaseEnum | null {
  const names = missing.values.map(({ name }) => name)
  const same = unmapped.filter(
    ({ values }) => values.length === names.length && values.every((value) => names.includes(value)),
  )
  return same.length === 1 ? (same[0] ?? null) : null
}

/** `fullName` and `name`, `user_id` and `userId`, `adress` and `address`. */
function areSimilar(left: string, right: string): boolean {
  const [one, other] = [wordsOf(left), wordsOf(right)]
  const isPart = one.every((word) => other.includes(word)) || other.every((word) => one.includes(word))
  const [first, second] = [one.join(''), other.join('')]
  return isPart || distance(first, second) <= Math.max(first.length, second.length) / 4
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '')
}

/** How many letters are to be changed, added or left out. */
function distance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const change = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1)
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[right.length] ?? 0
}
