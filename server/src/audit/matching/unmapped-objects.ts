import type { DatabaseEnum, Table } from '../../database/model'
import type { ExpectedDatabase } from '../../expected/model'
import type { DatabaseIndex } from '../database-index'

/** The tables of the database without a model, view or relation in the schema that are not configured as external. */
export function unmappedTables(
  { models, views }: Pick<ExpectedDatabase, 'models' | 'views'>,
  index: DatabaseIndex,
): Table[] {
  const tables = models.flatMap(({ table, joinTables }) => [table, ...joinTables])
  const mapped = new Set([...tables, ...views].map(({ schema, name }) => index.findTable(schema, name)))
  return index.database.tables.filter(
    (table) =>
      (table.kind === 'table' || table.kind === 'partitioned table') &&
      !mapped.has(table) &&
      !index.isExternalTable(table.schema, table.name),
  )
}

/** The same for enum types. */
export function unmappedEnums(enums: ExpectedDatabase['enums'], index: DatabaseIndex): DatabaseEnum[] {
  const mapped = new Set(enums.map(({ schema, name }) => index.findEnum(schema, name)))
  return index.database.enums.filter((found) => !mapped.has(found))
}

export interface UnmappedObjects {
  readonly tables: ReadonlySet<Table>
  readonly enums: readonly DatabaseEnum[]
}
