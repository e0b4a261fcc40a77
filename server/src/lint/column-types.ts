import type { ColumnDef, TypeName } from 'libpg-query'
import type { Column } from '../database/model'
import { constraintsOf, strings } from './syntax'

/** A type in the catalog's own name: `int4`, `varchar`, `timestamptz`, `Role`. */
export interface ColumnType {
  readonly name: string
  /** What stands in parentheses: `[20]` of `varchar(20)`. */
  readonly modifiers: readonly number[]
  readonly isArray: boolean
}

export interface KnownColumn {
  readonly type: ColumnType
  readonly isNullable: boolean
  readonly isGenerated: boolean
}

export function columnTypeOf(typeName: TypeName | undefined): ColumnType {
  const written = strings(typeName?.names).at(-1) ?? ''
  const modifiers = (typeName?.typmods ?? []).flatMap((node) =>
    'A_Const' in node && node.A_Const.ival !== undefined ? [node.A_Const.ival.ival ?? 0] : [],
  )
  return {
    name: SERIALS[written] ?? written,
    // `numeric(10)` is `numeric(10, 0)`.
    modifiers: written === 'numeric' && modifiers.length === 1 ? [...modifiers, 0] : modifiers,
    isArray: typeName?.arrayBounds !== undefined,
  }
}

/** What `serial` and its like are, once they are made. */
const SERIALS: Readonly<Record<string, string>> = {
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
  smallserial: 'int2',
  serial2: 'int2',
}

export function isSerial(typeName: TypeName | undefined): boolean {
  const [name, ...others] = strings(typeName?.names)
  return name !== undefined && others.length === 0 && name in SERIALS
}

export function knownColumn(column: ColumnDef): KnownColumn {
  const kinds = constraintsOf(column).map(({ contype }) => contype)
  return {
    type: columnTypeOf(column.typeName),
    isNullable: !kinds.includes('CONSTR_NOTNULL') && !kinds.includes('CONSTR_PRIMARY') && !isSerial(column.typeName),
    isGenerated: kinds.includes('CONSTR_GENERATED'),
  }
}

export function knownColumnOfCatalog(column: Column): KnownColumn {
  const modifiers = /\(([\d,\s]+)\)/.exec(column.type)?.[1]?.split(',').map(Number) ?? []
  return {
    type: { name: column.typeName, modifiers, isArray: column.isArray },
    isNullable: column.nullable,
    isGenerated: column.generated !== null,
  }
}

/** As a person writes it: `varchar(20)`, `timestamp(3)`. */
export function shownType({ name, modifiers, isArray }: ColumnType): string {
  const short = SHOWN[name] ?? name
  return `${short}${modifiers.length === 0 ? '' : `(${modifiers.join(', ')})`}${isArray ? '[]' : ''}`
}

const SHOWN: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  bool: 'boolean',
  float4: 'real',
  float8: 'double precision',
  bpchar: 'char',
}

export function isSameType(left: ColumnType, right: ColumnType): boolean {
  return left.name === right.name && left.isArray === right.isArray && left.modifiers.join() === right.modifiers.join()
}

/**
 * May every value of `from` be kept as it is, so that `ALTER COLUMN … TYPE` neither writes the table anew nor reads it?
 * As PostgreSQL decides it (ATColumnChangeRequiresRewrite and the support functions of the length casts).
 */
export function keepsValues(from: ColumnType, to: ColumnType): boolean {
  if (from.isArray !== to.isArray) return false
  if (isSameType(from, to)) return true
  // Arrays have no support function that would see that a length only grows.
  if (from.isArray) return from.name === to.name && to.modifiers.length === 0
  if (isText(from.name) && isText(to.name)) return to.modifiers.length === 0 || isLonger(from, to)
  if (from.name === 'cidr' && to.name === 'inet') return true
  if (from.name !== to.name) return false
  if (to.name === 'numeric') return to.modifiers.length === 0 || hasMoreDigits(from, to)
  if (GROWING.has(to.name)) return to.modifiers.length === 0 || isLonger(from, to)
  return false
}

function isText(name: string): boolean {
  return name === 'text' || name === 'varchar'
}

const GROWING: ReadonlySet<string> = new Set(['varbit', 'timestamp', 'timestamptz', 'time', 'timetz'])

function isLonger(from: ColumnType, to: ColumnType): boolean {
  const [before] = from.modifiers
  const [after] = to.modifiers
  if (after === undefined) return true
  if (before !== undefined) return after >= before
  // A time without a precision keeps six digits.
  return to.name.startsWith('time') && after >= 6
}

function hasMoreDigits(from: ColumnType, to: ColumnType): boolean {
  const [precision = 0, scale = 0] = from.modifiers
  const [newPrecision = 0, newScale = 0] = to.modifiers
  return from.modifiers.length > 0 && newScale === scale && newPrecision >= precision
}
