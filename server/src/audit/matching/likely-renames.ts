import type { Column, DatabaseEnum } from '../../database/model'
import { quoteLiteral, quoteQualified } from '../../database/quote'
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

/**
 * The value of the database's enum that a value of the schema most likely is, renamed in the schema alone: no value of the schema
 * is called so, and the names are similar, or the two are the only ones left over. Null where none is, or several are.
 */
export function likelyFormerValue(missing: string, expected: ExpectedEnum, actual: DatabaseEnum): string | null {
  const wanted = new Set(expected.values.map(({ name }) => name))
  const unmapped = actual.values.filter((value) => !wanted.has(value))
  const similar = unmapped.filter((value) => areSimilar(value, missing))
  if (similar.length > 0) return similar.length === 1 ? (similar[0] ?? null) : null
  const areAlone =
    unmapped.length === 1 && expected.values.filter(({ name }) => !actual.values.includes(name)).length === 1
  return areAlone ? (unmapped[0] ?? null) : null
}

/** `ALTER TYPE "public"."Role" RENAME VALUE 'ADMIN' TO 'OWNER'`, for whoever renamed a value in the schema. */
export function renameValue({ schema, name }: Pick<DatabaseEnum, 'schema' | 'name'>, from: string, to: string): string {
  return `ALTER TYPE ${quoteQualified(schema, name)} RENAME VALUE ${quoteLiteral(from)} TO ${quoteLiteral(to)}`
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
