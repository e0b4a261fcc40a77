import type { Column, DatabaseModel, ForeignKey, Index, Table } from '../../../database/model'
import type { ExpectedColumn, ExpectedForeignKey, ExpectedIndex } from '../../../expected/model'
import { quoteLiteral, quoteQualified } from '../../../database/quote'
import { startOfTrailing } from '../../../text/trailing'
import { sequenceName } from '../names'
import { columnDefinition } from './column-definition'
import type { MissingTable } from './missing-objects'

/**
 * The database as it is once the plan has created its tables, so that their audit fields are planned in the same run.
 * The tables are empty, and have everything that the schema defines.
 */
export function withNewTables(database: DatabaseModel, missing: readonly MissingTable[]): DatabaseModel {
  const created = missing.filter((table) => isCreated(table, database))
  if (created.length === 0) return database
  return { ...database, tables: [...database.tables, ...created.map((table) => newTable(table, database))] }
}

/** As `planNewTable` decides it. */
function isCreated({ expected, likelyFormer }: MissingTable, database: DatabaseModel): boolean {
  return likelyFormer === null && expected.columns.every((column) => columnDefinition(column, database) !== null)
}

function newTable({ schema, expected }: MissingTable, database: DatabaseModel): Table {
  const { name, columns, primaryKey, indexes, foreignKeys } = expected
  const ofKey =
    primaryKey === null
      ? []
      : [{ ...indexOn(primaryKey.name, primaryKey.columns), unique: true, primary: true, constraint: primaryKey.name }]
  return {
    schema,
    name,
    kind: 'table',
    columns: columns.map((column) => newColumn(column, { schema, table: name }, database)),
    primaryKey: primaryKey === null ? null : { name: primaryKey.name, columns: primaryKey.columns },
    uniqueConstraints: [],
    exclusionConstraints: [],
    indexes: [...ofKey, ...indexes.map(newIndex)],
    foreignKeys: foreignKeys.map((key) => newForeignKey(key, database)),
    checks: [],
    triggers: [],
    rowSecurity: false,
    estimatedRows: 0,
    totalBytes: 0,
    canAlter: true,
    isNew: true,
  }
}

function newColumn(
  column: ExpectedColumn,
  table: { readonly schema: string; readonly table: string },
  database: DatabaseModel,
): Column {
  const { name, nullable, isList } = column
  const definition = columnDefinition(column, database)
  const type = definition?.type.catalog ?? ''
  const isNumbered = column.default?.kind === 'sequence'
  const sequence = isNumbered ? { schema: table.schema, name: sequenceName(table.table, name, '_seq') } : null
  const numbered = sequence === null ? null : `nextval(${quoteLiteral(quoteQualified(sequence.schema, sequence.name))})`
  return {
    name,
    type,
    ...typeNameOf(column, type, database),
    isArray: isList,
    nullable: nullable || isList,
    default: numbered ?? definition?.default ?? null,
    identity: null,
    generated: null,
    ownedSequence: sequence,
  }
}

function typeNameOf(
  { type, isList }: ExpectedColumn,
  text: string,
  { defaultSchema, extensions }: DatabaseModel,
): Pick<Column, 'typeName' | 'typeSchema' | 'typeKind'> {
  if (type.kind === 'enum') return { typeName: type.name, typeSchema: type.schema ?? defaultSchema, typeKind: 'e' }
  const element = isList ? text.slice(0, startOfTrailing(text, '[]')) : text
  if (type.kind === 'scalar' && type.text === 'citext') {
    const home = extensions.find(({ name }) => name === 'citext')?.schema ?? defaultSchema
    return { typeName: 'citext', typeSchema: home, typeKind: 'b' }
  }
  const plain = element.replace(/\(\d+(,\d+)?\)/, '')
  return { typeName: TYPE_NAMES.get(plain) ?? plain, typeSchema: 'pg_catalog', typeKind: 'b' }
}

/** Names in `pg_type` of types that `format_type` prints in another way. */
const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['smallint', 'int2'],
  ['integer', 'int4'],
  ['bigint', 'int8'],
  ['real', 'float4'],
  ['double precision', 'float8'],
  ['boolean', 'bool'],
  ['character', 'bpchar'],
  ['character varying', 'varchar'],
  ['bit varying', 'varbit'],
  ['time without time zone', 'time'],
  ['time with time zone', 'timetz'],
  ['timestamp without time zone', 'timestamp'],
  ['timestamp with time zone', 'timestamptz'],
])

function newIndex({ name, unique, method, columns, isPartial, predicate }: ExpectedIndex): Index {
  return {
    ...indexOn(
      name,
      columns.map(({ column }) => column),
    ),
    unique,
    method,
    predicate: isPartial ? (predicate ?? '') : null,
  }
}

function indexOn(name: string, columns: readonly string[]): Index {
  return {
    name,
    columns: columns.map((column) => ({
      column,
      expression: null,
      descending: false,
      nullsFirst: false,
      operatorClass: '',
      isDefaultOperatorClass: true,
    })),
    includedColumns: [],
    unique: false,
    primary: false,
    nullsNotDistinct: false,
    method: 'btree',
    predicate: null,
    valid: true,
    constraint: null,
  }
}

function newForeignKey(key: ExpectedForeignKey, { defaultSchema }: DatabaseModel): ForeignKey {
  const { name, columns, referencedSchema, referencedTable, referencedColumns, onDelete, onUpdate } = key
  return {
    name,
    columns,
    referencedSchema: referencedSchema ?? defaultSchema,
    referencedTable,
    referencedColumns,
    onDelete,
    onUpdate,
    deferrable: false,
    validated: true,
  }
}
