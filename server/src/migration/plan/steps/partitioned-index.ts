import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../database/quote'
import { indexCheck } from '../../../verification/kinds/index-check'
import type { Step } from '../../model'
import type { AuditTarget, IndexTarget, PartitionIndex } from '../audit-target'
import { wholeTree } from '../partitions'
import { columnIn, doBlock, tableName } from '../sql'
import { createIndex } from './create-index'

/**
 * CONCURRENTLY is not to be had on a partitioned table. So the table, and each partition that is partitioned itself,
 * gets an index that is empty and not valid yet; each partition that holds rows gets its own, CONCURRENTLY; then these
 * are attached, and with the last one the index of the whole is valid.
 */
export function createPartitionedIndex(target: AuditTarget, index: IndexTarget): Step[] {
  const partitions = index.partitions ?? []
  const branches = partitions.filter(({ partition }) => partition.kind === 'partitioned table')
  const leaves = partitions.filter(({ partition }) => partition.kind === 'table')
  return [
    emptyIndex(target, { schema: target.schema, table: target.table, name: index.name }),
    ...branches.map(({ partition, name }) =>
      emptyIndex(target, { schema: partition.schema, table: partition.name, name }),
    ),
    ...leaves.filter(({ exists }) => !exists).map((leaf) => leafIndex(target, leaf)),
    ...(partitions.length === 0 ? [] : [attachIndexes(target, index, partitions)]),
  ]
}

interface Place {
  readonly schema: string
  readonly table: string
  readonly name: string
}

/** From now on, a partition that is made or attached gets its index by itself. */
function emptyIndex(target: AuditTarget, { schema, table, name }: Place): Step {
  const column = { schema, table, column: target.column }
  return {
    ...COMMON,
    id: `create-partitioned-index:${schema}.${name}`,
    kind: 'create-partitioned-index',
    title: `Prepare the index of ${columnIn(column)}`,
    schema,
    table,
    object: name,
    up: [
      `CREATE INDEX IF NOT EXISTS ${quoteIdentifier(name)} ON ONLY ${tableName(column)} (${quoteIdentifier(target.column)})`,
    ],
    down: [`DROP INDEX IF EXISTS ${quoteQualified(schema, name)}`],
    verify: [indexCheck(column, name, 'exists')],
    lock: { mode: 'SHARE', tables: [tableName(column)], duration: 'an instant' },
    privileges: [
      { action: 'own', name: tableName(column) },
      { action: 'create-in-schema', name: quoteIdentifier(schema) },
    ],
  }
}

function leafIndex(target: AuditTarget, { partition, name }: PartitionIndex): Step {
  const { schema, name: table, estimatedRows } = partition
  return createIndex({ schema, table, column: target.column, estimatedRows }, { name, exists: false })
}

/** The deepest first, since an index can be attached only once it is whole itself or is to become so. */
function attachIndexes(target: AuditTarget, index: IndexTarget, partitions: readonly PartitionIndex[]): Step {
  const root = { schema: target.schema, name: index.name }
  const nameOf = new Map(partitions.map(({ partition, name }) => [key(partition), { schema: partition.schema, name }]))
  const attach = ({ partition, name }: PartitionIndex) => {
    const parent = nameOf.get(key(partition.parent)) ?? root
    return `ALTER INDEX ${quoteQualified(parent.schema, parent.name)} ATTACH PARTITION ${quoteQualified(partition.schema, name)}`
  }
  return {
    ...COMMON,
    id: `attach-index:${target.schema}.${index.name}`,
    kind: 'attach-index',
    title: `Make one index of those of ${tableName(target)} and its partitions`,
    schema: target.schema,
    table: target.table,
    object: null,
    up: [indexNewcomers(target, index, partitions), ...[...partitions].reverse().map(attach)],
    // An index that is attached can neither be detached nor be dropped alone.
    down: [`DROP INDEX IF EXISTS ${quoteQualified(target.schema, index.name)}`],
    verify: [indexCheck(target, index.name)],
    lock: { mode: 'ACCESS SHARE', tables: wholeTree(target), duration: 'an instant; on the indexes ACCESS EXCLUSIVE' },
    privileges: [{ action: 'own', name: tableName(target) }],
  }
}

/**
 * A partition that came between the plan and the empty index has no index yet, and that of the whole would stay invalid.
 * It is built at once: what has just been made is small.
 */
function indexNewcomers(target: AuditTarget, index: IndexTarget, partitions: readonly PartitionIndex[]): string {
  const known = partitions.map(({ partition }) => regclass(partition.schema, partition.name))
  const indexes = [{ schema: target.schema, name: index.name }, ...partitions.map(placeOfIndex)]
  return doBlock(
    [
      'DECLARE',
      '  prisma_audit_newcomer record;',
      'BEGIN',
      '  FOR prisma_audit_newcomer IN',
      '    SELECT t.relid, t.parentrelid',
      `    FROM pg_partition_tree(${regclass(target.schema, target.table)}) AS t`,
      `    WHERE t.parentrelid = ANY (ARRAY[${[regclass(target.schema, target.table), ...known].join(', ')}])`,
      `      AND t.relid <> ALL (ARRAY[${known.join(', ')}]::regclass[])`,
      '      AND NOT EXISTS (',
      '        SELECT FROM pg_index AS i JOIN pg_inherits AS h ON h.inhrelid = i.indexrelid',
      `        WHERE i.indrelid = t.relid AND h.inhparent = ANY (ARRAY[${indexes.map(({ schema, name }) => regclass(schema, name)).join(', ')}])`,
      '      )',
      '  LOOP',
      `    EXECUTE format('CREATE INDEX ON %s (%I)', prisma_audit_newcomer.relid, ${quoteLiteral(target.column)});`,
      `    EXECUTE format('ALTER INDEX %s ATTACH PARTITION %s',`,
      '      (SELECT i.indexrelid::regclass FROM pg_index AS i WHERE i.indrelid = prisma_audit_newcomer.parentrelid',
      `        AND i.indexrelid = ANY (ARRAY[${indexes.map(({ schema, name }) => regclass(schema, name)).join(', ')}])),`,
      '      (SELECT max(i.indexrelid)::regclass FROM pg_index AS i WHERE i.indrelid = prisma_audit_newcomer.relid));',
      '  END LOOP;',
      'END',
    ].join('\n'),
  )
}

function placeOfIndex({ partition, name }: PartitionIndex) {
  return { schema: partition.schema, name }
}

function regclass(schema: string, name: string): string {
  return `to_regclass(${quoteLiteral(quoteQualified(schema, name))})`
}

const COMMON = {
  leftovers: null,
  transaction: 'own',
  batch: null,
  rewrites: false,
  scans: false,
  estimatedRows: null,
} as const

function key({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return JSON.stringify([schema, name])
}
