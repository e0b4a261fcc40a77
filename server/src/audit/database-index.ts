import type { DatabaseEnum, DatabaseModel, Table, TriggerFunction } from '../database/model'

/** Names that are managed elsewhere: `name`, in any schema, or `schema.name`. */
export interface ExternalNames {
  readonly tables: readonly string[]
  readonly enums: readonly string[]
}

/** The database model with tables, enums and trigger functions by name. */
export interface DatabaseIndex {
  readonly database: DatabaseModel
  readonly external: ExternalNames | undefined
  /** If the schema names none, Prisma uses the connection's schema. */
  schemaNameOf(schema: string | null): string
  /** Whether it is one of the project's schemas and missing in the database. */
  isMissingSchema(name: string): boolean
  findTable(schema: string | null, name: string): Table | undefined
  /** Whether the table exists with all these columns. */
  hasColumns(schema: string | null, table: string, columns: readonly string[]): boolean
  /** The tables with exactly these columns, by column names. Computed on first use. */
  tablesWithColumns(columns: readonly { readonly name: string }[]): readonly Table[]
  findEnum(schema: string | null, name: string): DatabaseEnum | undefined
  findTriggerFunction(schema: string, name: string): TriggerFunction | undefined
  isExternalTable(schema: string, name: string): boolean
  isExternalEnum(schema: string, name: string): boolean
}

export function createDatabaseIndex(database: DatabaseModel, external?: ExternalNames): DatabaseIndex {
  const tables = new Map(database.tables.map((table) => [key(table.schema, table.name), table]))
  const enums = new Map(database.enums.map((enumeration) => [key(enumeration.schema, enumeration.name), enumeration]))
  const functions = new Map(database.triggerFunctions.map((found) => [key(found.schema, found.name), found]))
  const externalTables = new Set(external?.tables)
  const externalEnums = new Set(external?.enums)
  const schemaNameOf = (schema: string | null): string => schema ?? database.defaultSchema
  const findTable = (schema: string | null, name: string): Table | undefined =>
    tables.get(key(schemaNameOf(schema), name))
  let byColumns: Map<string, Table[]> | null = null
  return {
    database,
    external,
    schemaNameOf,
    isMissingSchema: (name) => database.missingSchemas.includes(name),
    findTable,
    hasColumns: (schema, table, columns) => {
      const found = findTable(schema, table)
      return columns.every((name) => found?.columns.some((column) => column.name === name) === true)
    },
    tablesWithColumns(columns) {
      byColumns ??= groupByColumns(database.tables)
      return byColumns.get(namesOf(columns)) ?? []
    },
    findEnum: (schema, name) => enums.get(key(schemaNameOf(schema), name)),
    findTriggerFunction: (schema, name) => functions.get(key(schema, name)),
    isExternalTable: (schema, name) =>
      externalTables.has(name) || externalTables.has(`${schema}.${name}`) || OF_POSTGIS.test(name),
    isExternalEnum: (schema, name) => externalEnums.has(name) || externalEnums.has(`${schema}.${name}`),
  }
}

/** Created by PostGIS in the schema where it is installed. Prisma's engine ignores them too. */
const OF_POSTGIS = /^(?:spatial_ref_sys|geometry_columns|geography_columns|raster_columns|raster_overviews)$/i

function groupByColumns(tables: readonly Table[]): Map<string, Table[]> {
  const groups = new Map<string, Table[]>()
  for (const table of tables) {
    const names = namesOf(table.columns)
    const group = groups.get(names)
    if (group === undefined) groups.set(names, [table])
    else group.push(table)
  }
  return groups
}

function namesOf(columns: readonly { readonly name: string }[]): string {
  return columns
    .map(({ name }) => name)
    .sort()
    .join('\0')
}

/** A name cannot contain NUL. */
function key(schema: string, name: string): string {
  return `${schema}\0${name}`
}

/** An input of findings in the database; tables and enums by identity. */
export type DatabaseInput = Table | DatabaseEnum | string | boolean | undefined
