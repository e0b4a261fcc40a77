import type { Table } from '../../database/model'
import type { ExpectedDatabase } from '../../expected/model'
import type { DatabaseIndex } from '../database-index'

/** The tables of the database that no model, view or relation of the schema stands for, and that no configuration calls external. */
export function unmappedTables({ models, views }: ExpectedDatabase, index: DatabaseIndex): Table[] {
  const tables = models.flatMap(({ table, joinTables }) => [table, ...joinTables])
  const mapped = new Set([...tables, ...views].map(({ schema, name }) => index.findTable(schema, name)))
  return index.database.tables.filter(
    (table) =>
      (table.kind === 'table' || table.kind === 'partitioned table') &&
      !mapped.has(table) &&
      !index.isExternalTable(table.schema, table.name),
  )
}
