import type { ColumnDef, Node, TypeName } from 'libpg-query'
import type { Column } from '../database/model'
import { constraintsOf, strings } from './syntax'

/** A type by its catalog name: `int4`, `varchar`, `timestamptz`, `Role`. */
export interface ColumnType {
  readonly name: string
  /** Its modifiers: `[20]` of `varchar(20)`. */
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
    modifiers: modifiersOf(written, modifiers),
    isArray: typeName?.arrayBounds !== undefined,
  }
}

function modifiersOf(name: string, written: readonly number[]): readonly number[] {
  // `numeric(10)` is `numeric(10, 0)`.
  if (name === 'numeric' && written.length === 1) return [...written, 0]
  // The first are its fields; PostgreSQL's INTERVAL_FULL_RANGE means all.
  if (name === 'interval' && written.length > 0) return written[0] === 0x7fff ? written.slice(1) : [0]
  return written
}

/** The resulting types of `serial` and similar. */
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

/** Whether two rows may have the same value in a new column. NULLs are distinct, and so are new UUIDs. */
export function mayRepeat(column: ColumnDef): boolean {
  return constraintsOf(column).some(
    ({ contype, raw_expr: expression }) =>
      contype === 'CONSTR_GENERATED' || (contype === 'CONSTR_DEFAULT' && !givesDistinctValues(expression)),
  )
}

function givesDistinctValues(expression: Node | undefined): boolean {
  if (expression === undefined) return false
  if ('TypeCast' in expression) return givesDistinctValues(expression.TypeCast.arg)
  return 'FuncCall' in expression && DISTINCT.has(strings(expression.FuncCall.funcname).at(-1) ?? '')
}

const DISTINCT: ReadonlySet<string> = new Set([
  'gen_random_uuid',
  'nextval',
  'uuidv4',
  'uuidv7',
  'uuid_generate_v1',
  'uuid_generate_v1mc',
  'uuid_generate_v4',
])

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
 * Whether all values of `from` stay unchanged, so that `ALTER COLUMN … TYPE` neither rewrites nor reads the table. As
 * PostgreSQL decides it (ATColumnChangeRequiresRewrite and the support functions of the length casts). `in UTC`: only
 * if that is the session's time zone.
 */
export function keepsValues(from: ColumnType, to: ColumnType): boolean | 'in UTC' {
  if (from.isArray !== to.isArray) return false
  if (isSameType(from, to)) return true
  // Arrays have no support function that would recognize a longer length.
  if (from.isArray) return from.name === to.name && to.modifiers.length === 0
  if (from.name === to.name) {
    if (to.modifiers.length === 0) return true
    if (to.name === 'numeric') return hasMoreDigits(from, to)
    return GROWING.has(to.name) && isLonger(from, to)
  }
  if (from.name === 'text' && to.name === 'varchar') return to.modifiers.length === 0
  if (isInstant(from.name) && isInstant(to.name))
    return to.modifiers.length === 0 || (to.modifiers[0] ?? 0) >= 6 ? 'in UTC' : false
  return (
    to.modifiers.length === 0 &&
    SAME_BYTES.some(([ones, others]) => ones.includes(from.name) && others.includes(to.name))
  )
}

/** Types whose values are binary-compatible with another type, by casts WITHOUT FUNCTION. */
const SAME_BYTES: readonly (readonly [from: readonly string[], to: readonly string[]])[] = [
  [
    ['text', 'varchar'],
    ['text', 'varchar', 'bpchar', 'citext'],
  ],
  [
    ['citext', 'xml'],
    ['text', 'varchar', 'bpchar'],
  ],
  [['cidr'], ['inet']],
  [['bit'], ['varbit']],
  ...'regclass regtype regproc regprocedure regoper regoperator regrole regnamespace regconfig regdictionary regcollation'
    .split(' ')
    .flatMap((name): (readonly [readonly string[], readonly string[]])[] => [
      [[name], ['oid', 'int4']],
      [['oid', 'int4'], [name]],
    ]),
  [['int4'], ['oid']],
  [['oid'], ['int4']],
]

function isInstant(name: string): boolean {
  return name === 'timestamp' || name === 'timestamptz'
}

const GROWING: ReadonlySet<string> = new Set([
  'varchar',
  'varbit',
  'timestamp',
  'timestamptz',
  'time',
  'timetz',
  'interval',
])

/** Time zones that always equal UTC. */
export function isUtc(timeZone: string): boolean {
  return /^(?:Etc\/)?(?:UTC|UCT|GMT|Universal|Zulu|Greenwich|GMT[+-]?0)$/i.test(timeZone)
}

function isLonger(from: ColumnType, to: ColumnType): boolean {
  const [before] = from.modifiers
  const [after] = to.modifiers
  if (after === undefined) return true
  if (before !== undefined) return after >= before
  // The default precision of a time is six digits.
  return /^(?:time|interval)/.test(to.name) && after >= 6
}

function hasMoreDigits(from: ColumnType, to: ColumnType): boolean {
  const [precision = 0, scale = 0] = from.modifiers
  const [newPrecision = 0, newScale = 0] = to.modifiers
  return from.modifiers.length > 0 && newScale === scale && newPrecision >= precision
}
