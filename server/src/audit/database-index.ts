import type { DatabaseEnum, DatabaseModel, Table } from '../database/model'

/** Names that are somebody else's business: `name`, in any schema, or `schema.name`. */
export interface ExternalNames {
  readonly tables: readonly string[]
  readonly enums: readonly string[]
}

/** The database model with its tables and enums to be found by name. */
export interface DatabaseIndex {
  readonly database: DatabaseModel
  readonly external: ExternalNames | undefined
  /** Where the schema names none, Prisma looks in the connection's own. */
  schemaNameOf(schema: string | null): string
  findTable(schema: string | null, name: string): Table | undefined
  findEnum(schema: string | null, name: string): DatabaseEnum | undefined
  isExternalTable(schema: string, name: string): boolean
  isExternalEnum(schema: string, name: string): boolean
}

export function createDatabaseIndex(database: DatabaseModel, external?: ExternalNames): DatabaseIndex {
  const tables = new Map(database.tables.map((table) => [key(table.schema, table.name), table]))
  const enums = new Map(database.enums.map((enumeration) => [key(enumeration.schema, enumeration.name), enumeration]))
  const externalTables = new Set(external?.tables)
  const externalEnums = new Set(external?.enums)
  const schemaNameOf = (schema: string | null): string => schema ?? database.defaultSchema
  return {
    database,
    external,
    schemaNameOf,
    findTable: (schema, name) => tables.get(key(schemaNameOf(schema), name)),
    findEnum: (schema, name) => enums.get(key(schemaNameOf(schema), name)),
    isExternalTable: (schema, name) => externalTables.has(name) || externalTables.has(`${schema}.${name}`),
    isExternalEnum: (schema, name) => externalEnums.has(name) || externalEnums.has(`${schema}.${name}`),
  }
}

/** NUL cannot be in a name. */
function key(schema: string, name: string): string {
  return `${schema}\0${name}`
}
