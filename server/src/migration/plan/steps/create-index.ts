import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../database/quote'
import { indexCheck } from '../checks/index-check'
import { indexServesCheck } from '../checks/index-serves'
import { step } from './step'
import type { Step } from '../../model'
import type { IndexPlace } from '../audit-target'
import { tableName } from '../sql'
import { recipeIndex } from '../recipe-parts'

/** Builds the index without blocking reads and writes. */
export function createIndex(place: IndexPlace, indexName: string): Step {
  const table = tableName(place)
  const name = quoteIdentifier(indexName)
  const create = `CREATE ${place.unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY IF NOT EXISTS`
  return step({
    recipe: { builder: 'create-index', parameters: { index: recipeIndex(place), name: indexName } },
    id: `create-index:${place.schema}.${indexName}`,
    kind: 'create-index',
    title: `Create index on ${place.label}`,
    schema: place.schema,
    table: place.table,
    object: indexName,
    leftovers: invalidIndex(place, indexName),
    up: [`${create} ${name} ON ${table} ${place.definition}`],
    down: [`DROP INDEX CONCURRENTLY IF EXISTS ${quoteQualified(place.schema, indexName)}`],
    verify: [
      indexCheck(place, indexName),
      ...(place.column === undefined
        ? []
        : [indexServesCheck({ schema: place.schema, column: place.column }, indexName)]),
    ],
    lock: { mode: 'SHARE UPDATE EXCLUSIVE', tables: [table], duration: 'building' },
    transaction: 'none',
    privileges: [
      { action: 'own', name: table },
      { action: 'create-in-schema', name: quoteIdentifier(place.schema) },
    ],
    scans: true,
    estimatedRows: place.databaseTable?.estimatedRows ?? null,
  })
}

/** IF NOT EXISTS accepts the invalid index of an interrupted build, so that is dropped first. */
function invalidIndex(place: IndexPlace, indexName: string): string {
  return [
    `SELECT pg_catalog.format('DROP INDEX CONCURRENTLY IF EXISTS %I.%I', n.nspname, c.relname)`,
    'FROM pg_catalog.pg_index AS i',
    'JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid',
    'JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace',
    `WHERE i.indrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(tableName(place))})`,
    `  AND c.relname = ${quoteLiteral(indexName)} AND NOT i.indisvalid`,
  ].join('\n')
}
