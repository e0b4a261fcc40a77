import type { DatabaseClient } from '../../database/connect'
import { quoteIdentifier } from '../../database/quote'
import { textOf } from '../../database/text-of-values'
import { anotherValue, canBeUnique, simpleValue } from './sample-values'
import type { ShapeColumn, TableShape } from './table-shape'

/** The position of a row until it is written: `tableoid` and `ctid`, as text. */
export interface RowPlace {
  readonly table: string
  readonly tuple: string
}

/** One row, and how it is written. */
export interface RowToWrite {
  /** Of an existing row; null for a generated one. */
  readonly place: RowPlace | null
  /** Why no row like it can be inserted, if so. */
  readonly insert: { readonly sql: string; readonly values: readonly string[] } | string
  /** A column that an UPDATE may set, to its own and to another value; null if there is none. */
  readonly updated: { readonly column: ShapeColumn; readonly value: string | null } | null
}

/** At `$1` and `$2` of a `RowPlace`. */
export const AT_PLACE =
  'tableoid OPERATOR(pg_catalog.=) $1::pg_catalog.oid AND ctid OPERATOR(pg_catalog.=) $2::pg_catalog.tid'

export const PLACE = 'tableoid::pg_catalog.text AS "table", ctid::pg_catalog.text AS "tuple"'

/**
 * The first rows of the table, each to be inserted again with an unused key; the server copies everything except its
 * key and the columns that the application does not know.
 * @param name quoted and qualified
 */
export async function rowsToCopy(
  client: DatabaseClient,
  name: string,
  shape: TableShape,
  unnamed: readonly string[],
): Promise<RowToWrite[]> {
  const known = namedColumns(shape, unnamed)
  const keys = keysToChange(shape, unnamed)
  const updated = columnToUpdate(shape, unnamed)
  const read = [...(typeof keys === 'string' ? [] : keys.changed), ...(updated === null ? [] : [updated])]
  const texts = read.map((column) => textOf(quoteIdentifier(column.name), column.type))
  const { rows } = await client.query<RowPlace & { readonly texts: readonly (string | null)[] }>(
    `SELECT ${PLACE}, ARRAY[${texts.join(', ')}]::pg_catalog.text[] AS "texts" FROM ${name} LIMIT ${ROWS}`,
  )
  return rows.map(({ table, tuple, texts }) => {
    const textOf = new Map(read.map((column, index) => [column.name, texts[index] ?? null]))
    const insert = typeof keys === 'string' ? keys : copyOf(name, known, keys, { place: { table, tuple }, textOf })
    const value =
      updated === null || refersTo(shape, updated) ? null : anotherValue(updated, textOf.get(updated.name) ?? null)
    return { place: { table, tuple }, insert, updated: updated === null ? null : { column: updated, value } }
  })
}

/** A row for an empty table: with simple values, and existing keys of the tables that it must reference. */
export async function rowToMakeUp(
  client: DatabaseClient,
  name: string,
  shape: TableShape,
  unnamed: readonly string[],
): Promise<RowToWrite> {
  const values = new Map<string, string>()
  const asked = namedColumns(shape, unnamed).filter(needsValue)
  for (const { columns, referenced, table } of shape.foreignKeys) {
    if (!columns.some((column) => asked.some(({ name }) => name === column))) continue
    const { rows } = await client.query<{ readonly texts: readonly (string | null)[] }>(
      `SELECT ARRAY[${referenced.map((column) => `pg_catalog.format('%s', ${quoteIdentifier(column)})`).join(', ')}] AS "texts" FROM ${table} LIMIT 1`,
    )
    const [row] = rows
    if (row === undefined) return madeUp(`the table is empty, and so is ${table}, which a row must reference`)
    columns.forEach((column, index) => values.set(column, row.texts[index] ?? ''))
  }
  for (const column of asked) {
    const value = values.get(column.name) ?? simpleValue(column)
    if (value === null)
      return madeUp(`the table is empty, and no value is known for ${quoteIdentifier(column.name)} (${column.type})`)
    values.set(column.name, value)
  }
  const columns = asked.map(({ name }) => quoteIdentifier(name))
  const list =
    columns.length === 0
      ? 'DEFAULT VALUES'
      : `(${columns.join(', ')}) OVERRIDING SYSTEM VALUE VALUES (${asked.map(({ type }, index) => `$${index + 1}::${type}`).join(', ')})`
  const updated = columnToUpdate(shape, unnamed)
  return {
    place: null,
    insert: { sql: `INSERT INTO ${name} ${list}`, values: asked.map((column) => values.get(column.name) ?? '') },
    updated:
      updated === null ? null : { column: updated, value: refersTo(shape, updated) ? null : simpleValue(updated) },
  }
}

function madeUp(insert: string): RowToWrite {
  return { place: null, insert, updated: null }
}

interface KeyChanges {
  /** Columns that get another value, so that no two rows share a key. */
  readonly changed: readonly ShapeColumn[]
  /** Columns that are set to NULL for that, where NULLs are distinct. */
  readonly emptied: readonly ShapeColumn[]
}

/** The columns that a copy must not share with its row; a sentence if no distinct copy is possible. */
function keysToChange(shape: TableShape, unnamed: readonly string[]): KeyChanges | string {
  const refers = new Set(shape.foreignKeys.flatMap(({ columns }) => columns))
  const changed: ShapeColumn[] = []
  const emptied: ShapeColumn[] = []
  for (const key of shape.keys) {
    const columns = key.columns.flatMap((name) => shape.columns.find((column) => column.name === name) ?? [])
    // Columns that the application does not set are NULL or have their default.
    if (columns.some((column) => [...changed, ...emptied].includes(column) || unnamed.includes(column.name))) continue
    const [free] = columns
      .filter((column) => !refers.has(column.name) && !column.isGenerated && canBeUnique(column))
      .filter((column) => anotherValue(column, 'x') !== null)
      .sort((one, other) => Number(one.isPartitionKey) - Number(other.isPartitionKey))
    const empty = key.countsNulls ? undefined : columns.find((column) => column.isNullable && !column.isGenerated)
    if (free !== undefined) changed.push(free)
    else if (empty !== undefined) emptied.push(empty)
    else {
      const list = columns.map(({ name }) => quoteIdentifier(name)).join(', ')
      return `no second row with a different ${list} can be created`
    }
  }
  return { changed, emptied }
}

function copyOf(
  name: string,
  columns: readonly ShapeColumn[],
  { changed, emptied }: KeyChanges,
  row: { readonly place: RowPlace; readonly textOf: ReadonlyMap<string, string | null> },
): { readonly sql: string; readonly values: readonly string[] } {
  const values: string[] = [row.place.table, row.place.tuple]
  const expressions = columns.map((column) => {
    if (emptied.includes(column)) return 'NULL'
    if (!changed.includes(column)) return `r.${quoteIdentifier(column.name)}`
    values.push(anotherValue(column, row.textOf.get(column.name) ?? null) ?? '')
    return `$${values.length}::${column.type}`
  })
  return {
    sql:
      `INSERT INTO ${name} (${columns.map((column) => quoteIdentifier(column.name)).join(', ')}) OVERRIDING SYSTEM VALUE ` +
      `SELECT ${expressions.join(', ')} FROM ${name} AS r WHERE r.tableoid OPERATOR(pg_catalog.=) $1::pg_catalog.oid AND r.ctid OPERATOR(pg_catalog.=) $2::pg_catalog.tid`,
    values,
  }
}

/** One that is in no key and no trigger's UPDATE OF, preferably one that can get another value. */
function columnToUpdate(shape: TableShape, unnamed: readonly string[]): ShapeColumn | null {
  const special = new Set([...shape.keys, ...shape.foreignKeys].flatMap(({ columns }) => columns))
  const rank = (column: ShapeColumn) =>
    (special.has(column.name) || column.isPartitionKey ? 4 : 0) +
    (column.isWatched ? 2 : 0) +
    (anotherValue(column, 'x') === null ? 1 : 0)
  const candidates = namedColumns(shape, unnamed).filter(({ isIdentity }) => !isIdentity)
  return candidates.sort((one, other) => rank(one) - rank(other))[0] ?? null
}

/** Its possible values are in another table. */
function refersTo({ foreignKeys }: TableShape, { name }: ShapeColumn): boolean {
  return foreignKeys.some(({ columns }) => columns.includes(name))
}

function namedColumns({ columns }: TableShape, unnamed: readonly string[]): ShapeColumn[] {
  return columns.filter((column) => !column.isGenerated && (!unnamed.includes(column.name) || asksSequence(column)))
}

function needsValue(column: ShapeColumn): boolean {
  return asksSequence(column) || (column.default === null && !column.isNullable)
}

/** Such a column always gets a value: a sequence would advance permanently. */
function asksSequence({ isIdentity, default: value }: ShapeColumn): boolean {
  return isIdentity || (value !== null && /\bnextval\(/.test(value))
}

const ROWS = 3
