import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../database/quote'
import { indexCheck } from '../../../verification/kinds/index-check'
import { indexServesCheck } from '../../../verification/kinds/index-serves'
import type { Step } from '../../model'
import type { AuditTarget, IndexTarget } from '../audit-target'
import { columnIn, tableName } from '../sql'

/** The index, built while others read and write. */
export function createIndex(target: AuditTarget, index: IndexTarget): Step {
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
    verify: [indexCheck(target, index.name), indexServesCheck(target, index.name)],
    lock: { mode: 'SHARE UPDATE EXCLUSIVE', tables: [table], duration: 'while the index is built' },
    transaction: 'none',
    batch: null,
    privileges: [
      { action: 'own', name: table },
      { action: 'create-in-schema', name: quoteIdentifier(target.schema) },
    ],
    rewrites: false,
    scans: true,
    estimatedRows: target.databaseTable?.estimatedRows ?? null,
  }
}

/** IF NOT EXISTS takes the invalid index of a broken build for a good one, so that is dropped first. */
function invalidIndex(target: AuditTarget, index: IndexTarget): string {
  return [
    `SELECT format('DROP INDEX CONCURRENTLY IF EXISTS %I.%I', n.nspname, c.relname)`,
    'FROM pg_index AS i',
    'JOIN pg_class AS c ON c.oid = i.indexrelid',
    'JOIN pg_namespace AS n ON n.oid = c.relnamespace',
    `WHERE i.indrelid = to_regclass(${quoteLiteral(tableName(target))})`,
    `  AND c.relname = ${quoteLiteral(index.name)} AND NOT i.indisvalid`,
  ].join('\n')
}
