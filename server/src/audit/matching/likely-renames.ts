import { phrase, type Phrase } from '../../text/phrase'
import type { Column, DatabaseEnum, Table } from '../../database/model'
import { quoteLiteral, quoteQualified } from '../../database/quote'
import type { ExpectedColumn, ExpectedEnum, ExpectedTable } from '../../expected/model'
import { compareTypes } from '../values/types'
import type { TablePair } from './table-pair'

/**
 * The column that most likely holds what a field without a column is about, since the field was renamed in the schema
 * alone: no field stands for it, it has the field's type, and its name is similar, or the two are the only ones left
 * over. Null where none is, or several are.
 */
export function likelyFormerColumn(missing: ExpectedColumn, pair: TablePair): Column | null {
  const { similar, onlyLeft } = columnRenames(pair)
  const own = similar.get(missing) ?? []
  if (own.length > 0) return onlyOne(own)
  const isLikely = onlyLeft !== null && isSameType(missing, onlyLeft, pair) && onlyLeft.nullable === missing.nullable
  return isLikely ? onlyLeft : null
}

interface Renames<Wanted, Found extends object | string> {
  readonly similar: ReadonlyMap<Wanted, readonly Found[]>
  /** Whether all but one have a similar one. */
  readonly areAlone: boolean
  /** Then what is left over for that one; null if that is not one either. */
  readonly onlyLeft: Found | null
}

/** Computed once for all fields of a table: each of them depends on what the others are similar to. */
const RENAMES_OF_COLUMNS = new WeakMap<TablePair['columns'], Renames<ExpectedColumn, Column>>()

function columnRenames(pair: TablePair): Renames<ExpectedColumn, Column> {
  const { columns } = pair
  const known = RENAMES_OF_COLUMNS.get(columns)
  if (known !== undefined) return known
  const isLike = (one: ExpectedColumn, column: Column) =>
    isSameType(one, column, pair) && areSimilar(column.name, one.name)
  const found = findRenames(columns.missing, columns.unmapped, isLike)
  RENAMES_OF_COLUMNS.set(columns, found)
  return found
}

function isSameType(one: ExpectedColumn, column: Column, { database }: TablePair): boolean {
  return compareTypes(one, column, database.defaultSchema) === 'none' && column.generated === null
}

function findRenames<Wanted, Found extends object | string>(
  missing: readonly Wanted[],
  unmapped: readonly Found[],
  isLike: (one: Wanted, found: Found) => boolean,
): Renames<Wanted, Found> {
  if (missing.length * unmapped.length > MOST_COMPARED) return NO_RENAMES
  const similar = new Map(missing.map((one) => [one, unmapped.filter((found) => isLike(one, found))]))
  const lists = [...similar.values()]
  const taken = new Set(lists.flatMap((list) => onlyOne(list) ?? []))
  const areAlone = lists.filter((list) => list.length === 0).length === 1
  return { similar, areAlone, onlyLeft: areAlone ? onlyOne(unmapped.filter((found) => !taken.has(found))) : null }
}

const NO_RENAMES = { similar: new Map<never, never>(), areAlone: false, onlyLeft: null }

/**
 * Pairs of names, which takes some 50 ms. Nobody renames hundreds of fields at once and reads the guesses one by one.
 */
const MOST_COMPARED = 100_000

/**
 * The enum type that no enum of the schema stands for and that has exactly these values, or a similar name and most of
 * them; null where none is, or several are.
 */
export function likelyFormerEnum(missing: ExpectedEnum, unmapped: readonly DatabaseEnum[]): DatabaseEnum | null {
  const names = new Set(missing.values.map(({ name }) => name))
  const shared = sharedValues(names, unmapped)
  const alike = [...shared].flatMap(([one, count]) => (2 * count >= names.size ? [one] : []))
  const same = alike.filter((one) => one.values.length === names.size && shared.get(one) === names.size)
  if (same.length > 0 || alike.length > MOST_ALIKE) return onlyOne(same)
  return onlyOne(alike.filter((one) => areSimilar(one.name, missing.name)))
}

/** How many of the names each enum has among its values; none is left out. */
function sharedValues(names: ReadonlySet<string>, enums: readonly DatabaseEnum[]): ReadonlyMap<DatabaseEnum, number> {
  let byValue = ENUMS_BY_VALUE.get(enums)
  if (byValue === undefined) {
    byValue = new Map<string, DatabaseEnum[]>()
    for (const one of enums) {
      for (const value of one.values) {
        const others = byValue.get(value)
        if (others === undefined) byValue.set(value, [one])
        else others.push(one)
      }
    }
    ENUMS_BY_VALUE.set(enums, byValue)
  }
  const shared = new Map<DatabaseEnum, number>()
  for (const name of names) for (const one of byValue.get(name) ?? []) shared.set(one, (shared.get(one) ?? 0) + 1)
  return shared
}

/** Computed once for all enums of a schema, each of which would otherwise be held against each value. */
const ENUMS_BY_VALUE = new WeakMap<readonly DatabaseEnum[], Map<string, DatabaseEnum[]>>()

/**
 * Tables or enums whose names are compared for one model or enum: among more of the same form, nothing tells which it
 * was.
 */
const MOST_ALIKE = 100

/**
 * The table that no model stands for and that has exactly the model's columns with their types: three of them at least,
 * or also a similar name. Null where none is, or several are. `candidates` have columns of these names.
 */
export function likelyFormerTable(
  { name, columns }: Pick<ExpectedTable, 'name' | 'columns'>,
  candidates: readonly Table[],
  defaultSchema: string,
  isUnmapped: (table: Table) => boolean,
): Table | null {
  const hasColumns = (table: Table) =>
    table.columns.length === columns.length &&
    columns.every((column) => {
      const found = table.columns.find((one) => one.name === column.name)
      return found !== undefined && compareTypes(column, found, defaultSchema) === 'none'
    })
  const isFormer = (table: Table) => (columns.length > 2 || areSimilar(table.name, name)) && hasColumns(table)
  let found: Table | null = null
  let tried = 0
  // The second ends the search, and so do many: where all tables are alike, each model would be held against each at
  // every keystroke.
  for (const table of candidates) {
    if (!isUnmapped(table)) continue
    if (++tried > MOST_ALIKE) return null
    if (!isFormer(table)) continue
    if (found !== null) return null
    found = table
  }
  return found
}

/**
 * The value of the database's enum that a value of the schema most likely is, renamed in the schema alone: no value of
 * the schema is called so, and the names are similar, the two are the only ones left over, or all that differ stand in
 * the same places. Null where none is, or several are.
 */
export function likelyFormerValue(missing: string, expected: ExpectedEnum, actual: DatabaseEnum): string | null {
  const { similar, areAlone, onlyLeft, inPlace } = valueRenames(expected, actual)
  const own = similar.get(missing) ?? []
  if (own.length > 0) return onlyOne(own)
  return areAlone ? onlyLeft : (inPlace.get(missing) ?? null)
}

interface ValueRenames extends Renames<string, string> {
  /** Empty if what differs stands in other places. */
  readonly inPlace: ReadonlyMap<string, string>
}

const RENAMES_OF_VALUES = new WeakMap<ExpectedEnum, { readonly actual: DatabaseEnum; readonly found: ValueRenames }>()

function valueRenames(expected: ExpectedEnum, actual: DatabaseEnum): ValueRenames {
  const known = RENAMES_OF_VALUES.get(expected)
  if (known?.actual === actual) return known.found
  const names = expected.values.map(({ name }) => name)
  const [wanted, existing] = [new Set(names), new Set(actual.values)]
  const unmapped = actual.values.filter((value) => !wanted.has(value))
  const added = names.filter((name) => !existing.has(name))
  const isInPlace =
    names.length === actual.values.length &&
    names.every((name, index) => name === actual.values[index] || !existing.has(name))
  const moved = names.flatMap((name, index): [string, string][] => {
    const former = actual.values[index]
    return existing.has(name) || former === undefined || wanted.has(former) ? [] : [[name, former]]
  })
  const inPlace = new Map(isInPlace ? moved : [])
  const found = { ...findRenames(added, unmapped, (name, value) => areSimilar(value, name)), inPlace }
  RENAMES_OF_VALUES.set(expected, { actual, found })
  return found
}

function onlyOne<Item>(items: readonly Item[]): Item | null {
  return items.length === 1 ? (items[0] ?? null) : null
}

/** A table or an enum type of the database, by its name. */
export type Former = Pick<Table | DatabaseEnum, 'schema' | 'name'>

/** A sentence for the person who renamed it; empty if there is none. */
export function renameAdvice(former: Former | null | undefined, schemaName: string): string | Phrase {
  if (former === null || former === undefined) return ''
  const map = `@@map(${JSON.stringify(former.name)})`
  const attributes = former.schema === schemaName ? map : phrase`${map} and @@schema(${JSON.stringify(former.schema)})`
  return phrase` It was likely renamed from ${quoteQualified(former.schema, former.name)}, but only in the schema: add ${attributes}, or rename it in the database.`
}

/** `ALTER TYPE "public"."Role" RENAME VALUE 'ADMIN' TO 'OWNER'`, if a value was renamed in the schema. */
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
