import type { BaseType, Column } from '../model'
import type { CatalogRows } from './queries'
import { flag, number, type Row, text } from './row'

/** The columns of one table in order, and their names by `attnum`, which keys and indexes use. */
export interface TableColumns {
  readonly columns: Column[]
  readonly nameOf: Map<number, string>
}

interface ColumnType {
  readonly spelling: string
  readonly isArray: boolean
  readonly name: string
  readonly schema: string
  readonly kind: string
  readonly domain: Domain | null
}

interface Domain {
  /** The oid of its base type, which may be a domain too. */
  readonly base: string
  /** With the size that the domain sets. */
  readonly spelling: string
  readonly isNotNull: boolean
}

/** By the table's oid. `wentAway` collects tables whose expressions could not be printed. */
export function buildColumns(rows: CatalogRows, wentAway: Set<string>): Map<string, TableColumns> {
  const types = new Map(rows.types.map((row) => [text(row, 0), buildType(row)]))
  const sequences = ownedSequences(rows.sequences)
  const found = new Map<string, TableColumns>()
  for (const row of inTableOrder(rows.columns)) {
    const table = text(row, 0)
    const position = number(row, 1)
    let ofTable = found.get(table)
    if (ofTable === undefined) found.set(table, (ofTable = { columns: [], nameOf: new Map() }))
    if (row[9] !== null && row[8] === null) wentAway.add(table)
    ofTable.columns.push(buildColumn(row, types, sequences.get(table)?.get(position) ?? null))
    ofTable.nameOf.set(position, text(row, 2))
  }
  return found
}

/**
 * The order of a table's columns is that of `attnum`. Mostly the rows arrive in it; sorting thousands of them for a few
 * altered tables would cost more than everything else.
 */
function inTableOrder(rows: readonly Row[]): readonly Row[] {
  const last = new Map<string, number>()
  const isSorted = rows.every((row) => {
    const position = number(row, 1)
    const ascends = position > (last.get(text(row, 0)) ?? 0)
    last.set(text(row, 0), position)
    return ascends
  })
  return isSorted ? rows : [...rows].sort((a, b) => number(a, 1) - number(b, 1))
}

function buildColumn(row: Row, types: ReadonlyMap<string, ColumnType>, ownedSequence: Column['ownedSequence']): Column {
  const type = types.get(text(row, 3)) ?? UNKNOWN_TYPE
  const identity = text(row, 6)
  const isGenerated = text(row, 7) !== ''
  const expression = row[8] ?? null
  return {
    name: text(row, 2),
    type: row[4] ?? type.spelling,
    typeName: type.name,
    typeSchema: type.schema,
    isArray: type.isArray,
    typeKind: type.kind,
    ...(type.domain === null ? {} : { base: baseOf(type.domain, types) }),
    nullable: !flag(row, 5) && !isNotNull(type, types),
    default: isGenerated ? null : expression,
    identity: identity === 'a' ? 'always' : identity === 'd' ? 'by default' : null,
    generated: isGenerated ? expression : null,
    ownedSequence,
  }
}

function baseOf(domain: Domain, types: ReadonlyMap<string, ColumnType>): BaseType {
  const type = types.get(domain.base) ?? UNKNOWN_TYPE
  if (type.domain !== null) return { ...baseOf(type.domain, types), isNested: true }
  const { isArray, name, schema, kind } = type
  return { type: domain.spelling, typeName: name, typeSchema: schema, isArray, typeKind: kind }
}

/** A domain is also NOT NULL if its base domain is. */
function isNotNull({ domain }: ColumnType, types: ReadonlyMap<string, ColumnType>): boolean {
  return domain !== null && (domain.isNotNull || isNotNull(types.get(domain.base) ?? UNKNOWN_TYPE, types))
}

/** types.sql contains every type of a column, in the same snapshot. */
const UNKNOWN_TYPE: ColumnType = { spelling: '', isArray: false, name: '', schema: '', kind: '', domain: null }

function buildType(row: Row): ColumnType {
  return {
    spelling: text(row, 1),
    isArray: flag(row, 2),
    name: text(row, 3),
    schema: text(row, 4),
    kind: text(row, 5),
    domain:
      row[6] === null || row[6] === undefined
        ? null
        : { base: row[6], spelling: text(row, 7), isNotNull: flag(row, 8) },
  }
}

/** By the table's oid and the column's `attnum`. */
function ownedSequences(rows: readonly Row[]): Map<string, Map<number, { schema: string; name: string }>> {
  const found = new Map<string, Map<number, { schema: string; name: string }>>()
  for (const row of rows) {
    const table = row[2]
    if (table === null || table === undefined) continue
    const ofTable = found.get(table) ?? new Map<number, { schema: string; name: string }>()
    found.set(table, ofTable)
    ofTable.set(number(row, 3), { schema: text(row, 0), name: text(row, 1) })
  }
  return found
}
