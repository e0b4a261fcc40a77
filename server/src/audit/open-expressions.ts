import type { ExpressionPair } from '../database/model-expressions'
import type { DatabaseModel } from '../database/model'
import type { SchemaModel } from '../schema/model'
import type { ComparisonCache } from './comparison-cache'
import { createDatabaseIndex } from './database-index'
import { expectedModel } from '../expected/expected-database'
import { createScope } from '../expected/scope'
import { openPairOf } from './values/defaults'

/** The defaults that only PostgreSQL can compare with the schema's. */
export function openExpressions(
  schema: SchemaModel,
  database: DatabaseModel,
  cache: ComparisonCache,
): ExpressionPair[] {
  const scope = createScope(schema, cache.scope ?? undefined)
  cache.scope = scope
  const index = createDatabaseIndex(database)
  return schema.files.flatMap((file) =>
    file.parsed.flatMap(({ block }) => {
      if (block.kind !== 'model') return []
      const { table } = expectedModel(block, scope, cache).model
      const actual = index.findTable(table.schema, table.name)
      if (actual === undefined) return []
      return table.columns.flatMap((expected) => {
        if (expected.default?.kind !== 'expression') return []
        const column = actual.columns.find(({ name }) => name === expected.name)
        const pair = column === undefined ? null : openPairOf(expected, column, database.defaultSchema)
        return pair === null ? [] : [pair]
      })
    }),
  )
}
