import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../database/quote'
import { indexCheck } from '../../../verification/kinds/index-check'
import type { Step } from '../../model'
import type { IndexTarget } from '../audit-target'
import { columnIn, tableName } from '../sql'

/** The table whose rows are indexed: a target's own, or one of its partitions. */
interface IndexedColumn {
  readonly schema: string
  readonly table: string
  readonly column: string
  readonly estimatedRows: number | null
}

/** The index, built while others read and write. */
export function createIndex(target: IndexedColumn, index: IndexTarget): Step {
  const table = tableName(target)
  const name = quoteIdentifier(index.name)
  return {
    id: `create-index:${target.schema}.${index.name}`,
    kind: 'create-index',
    title: `Index ${columnIn(target)}`,
    schema: target.schema,
    table: target.table,
    object: index.name,
    leftovers: invalidIndex(target, index),
    up: [`CREATE INDEX CONCURRENTLY IF NOT EXISTS ${name} ON ${table} (${quoteIdentifier(target.column)})`],
    down: [`DROP INDEX CONCURRENTLY IF EXISTS ${quoteQualified(target.schema, index.name)}`],
    verify: [indexCheck(target, index.name)],
    lock: { mode: 'SHARE UPDATE EXCLUSIVE', tables: [table], duration: 'while the index is built' },
    transaction: 'none',
    batch: null,
    privileges: [
      { action: 'own', name: table },
      { action: 'create-in-schema', name: quoteIdentifier(target.schema) },
    ],
    rewrites: false,
    scans: true,
    estimatedRows: target.estimatedRows,
  }
}

/** IF NOT EXISTS takes the invalid index of a broken build for a good one, so that is dropped first. */
function invalidIndex(target: IndexedColumn, index: IndexTarget): string {
  return [
    `SELECT format('DROP INDEX CONCURRENTLY IF EXISTS %I.%I', n.nspname, c.relname)`,
    'FROM pg_index AS i',
    'JOIN pg_class AS c ON c.oid = i.indexrelid',
    'JOIN pg_namespace AS n ON n.oid = c.relnamespace',
    `WHERE i.indrelid = to_regclass(${quoteLiteral(tableName(target))})`,
    `  AND c.relname = ${quoteLiteral(index.name)} AND NOT i.indisvalid`,
  ].join('\n')
}
