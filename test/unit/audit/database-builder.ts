import type { Column, DatabaseModel, Table, Trigger } from '../../../server/src/database/model'

/** A database model of some tables, everything else as in an empty database. */
export function databaseOf(tables: readonly Table[], rest: Partial<DatabaseModel> = {}): DatabaseModel {
  return {
    name: 'test',
    serverVersion: '15.18',
    serverVersionNumber: 150018,
    schemas: ['public'],
    missingSchemas: [],
    defaultSchema: 'public',
    tables,
    enums: [],
    extensions: [],
    sequences: [],
    triggerFunctions: [],
    unseen: [],
    ...rest,
  }
}

/** A table with an integer key `id` and the columns given, as `name type [not null]`. */
export function tableOf(name: string, columns: readonly string[], rest: Partial<Table> = {}): Table {
  return {
    schema: 'public',
    name,
    kind: 'table',
    columns: ['id integer not null', ...columns].map(columnOf),
    primaryKey: { name: `${name}_pkey`, columns: ['id'] },
    uniqueConstraints: [],
    exclusionConstraints: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
    triggers: [],
    rowSecurity: false,
    estimatedRows: null,
    totalBytes: null,
    canAlter: true,
    ...rest,
  }
}

export function triggerOf(name: string, functionName: string, rest: Partial<Trigger> = {}): Trigger {
  return {
    name,
    functionSchema: 'public',
    functionName,
    timing: 'BEFORE',
    events: ['UPDATE'],
    level: 'ROW',
    state: 'O',
    definition: `CREATE TRIGGER ${name} BEFORE UPDATE … EXECUTE FUNCTION ${functionName}()`,
    ...rest,
  }
}

/** The names in `pg_type` of types that `format_type` names otherwise. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  bigint: 'int8',
  boolean: 'bool',
  character: 'bpchar',
  'character varying': 'varchar',
  'double precision': 'float8',
  integer: 'int4',
  smallint: 'int2',
  'time with time zone': 'timetz',
  'time without time zone': 'time',
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
}

export function columnOf(text: string): Column {
  const [, name = '', type = '', notNull] = /^(\S+) (.*?)( not null)?$/.exec(text) ?? []
  const withoutModifier = type.replace(/\([^)]*\)/, '')
  return {
    name,
    type,
    typeName: TYPE_NAMES[withoutModifier] ?? withoutModifier,
    typeSchema: 'pg_catalog',
    isArray: false,
    typeKind: 'b',
    nullable: notNull === undefined,
    default: null,
    identity: null,
    generated: null,
    ownedSequence: null,
  }
}
