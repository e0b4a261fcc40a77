import columns from '../queries/columns.sql'
import constraints from '../queries/constraints.sql'
import enums from '../queries/enums.sql'
import extensions from '../queries/extensions.sql'
import indexes from '../queries/indexes.sql'
import operatorClasses from '../queries/operator-classes.sql'
import partitions from '../queries/partitions.sql'
import partitionTriggers from '../queries/partition-triggers.sql'
import sequences from '../queries/sequences.sql'
import server from '../queries/server.sql'
import tables from '../queries/tables.sql'
import triggerFunctions from '../queries/trigger-functions.sql'
import triggers from '../queries/triggers.sql'
import types from '../queries/types.sql'
import { quoteIdentifier, quoteLiteral } from '../quote'
import { DEFAULT_SCHEMA } from '../search-path'
import type { Row } from './row'

/** In the order in which they run; `server` must be the first. */
export const CATALOG_QUERIES = {
  server,
  tables,
  partitions,
  columns,
  types,
  constraints,
  indexes,
  operatorClasses,
  enums,
  sequences,
  triggers,
  partitionTriggers,
  triggerFunctions,
  extensions,
}

export type QueryName = keyof typeof CATALOG_QUERIES

export type CatalogRows = Readonly<Record<QueryName, readonly Row[]>>

/** What is missing if the role may not read the catalogs of a query; the other queries are required. */
export const OPTIONAL_QUERIES: Readonly<Partial<Record<QueryName, string>>> = {
  enums: 'Enums',
  sequences: 'Sequences',
  triggers: 'Triggers',
  partitionTriggers: 'Triggers of partitions',
  triggerFunctions: 'Trigger functions',
  extensions: 'Extensions',
}

/**
 * A catalog query. `:spelling` in it sets the search path to the default schema, so that PostgreSQL omits that schema
 * from the types and expressions that it prints. The statement's own names were resolved before, with the session's
 * path, so none of our names is looked up there. The path must be reset after it.
 */
export function catalogStatement(name: QueryName, asked: AskedSchemas): { text: string; spells: boolean } {
  const query = CATALOG_QUERIES[name]
  const spelling = quoteLiteral(quoteIdentifier(asked.defaultSchema ?? DEFAULT_SCHEMA))
  return {
    text: fillInSchemas(query, asked.schemas).replaceAll(':spelling', () => spelling),
    spells: query.includes(':spelling'),
  }
}

export interface AskedSchemas {
  readonly schemas: readonly string[]
  readonly defaultSchema?: string
}

/** Inserts the schemas' names for `:schemas` in a query (as psql would with `-v schemas=…`). */
export function fillInSchemas(query: string, schemas: readonly string[]): string {
  const list = `ARRAY[${schemas.map(quoteLiteral).join(', ')}]::pg_catalog.name[]`
  return query.trimEnd().replaceAll(':schemas', () => list)
}
