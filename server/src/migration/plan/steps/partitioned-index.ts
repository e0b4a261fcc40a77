import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../database/quote'
import { indexCheck } from '../checks/index-check'
import { step } from './step'
import type { Step } from '../../model'
import type { IndexPlace, IndexTarget, PartitionIndex } from '../audit-target'
import { onPartition, wholeTree } from '../partitions'
import { doBlock, tableName } from '../sql'
import { createIndex } from './create-index'
import { recipeIndex, recipePartition } from '../recipe-parts'
import { titleOfName, titleOfTable } from '../titles'
import { phrase } from '../../../text/phrase'

/**
 * A partitioned table does not support CONCURRENTLY. So the table, and each partition that is itself partitioned, gets
 * an empty index that is not valid yet; each partition with rows gets its own, CONCURRENTLY; then these are attached,
 * and attaching the last one makes the whole index valid.
 */
export function createPartitionedIndex(place: IndexPlace, index: IndexTarget): Step[] {
  const partitions = index.partitions ?? []
  const branches = partitions.filter(({ partition }) => partition.kind === 'partitioned table')
  const leaves = partitions.filter(({ partition }) => partition.kind === 'table')
  return [
    emptyIndex(place, index.name),
    ...branches.map((branch) => emptyIndex(onPartition(place, branch.partition), branch.name)),
    ...leaves
      .filter(({ exists }) => !exists)
      .map((leaf) => createIndex(labelled(onPartition(place, leaf.partition)), leaf.name)),
    ...(partitions.length === 0 ? [] : [attachIndexes(place, index, partitions)]),
  ]
}

function labelled(place: IndexPlace): IndexPlace {
  return { ...place, label: titleOfTable(place) }
}

/** From now on, a partition that is created or attached gets its index automatically. */
export function emptyIndex(place: IndexPlace, name: string): Step {
  const { schema, table, unique, definition } = place
  return step({
    recipe: { builder: 'create-partitioned-index', parameters: { index: recipeIndex(place), name } },
    id: `create-partitioned-index:${schema}.${name}`,
    kind: 'create-partitioned-index',
    title: `Create partitioned index ${titleOfName(name)} on ${titleOfTable(place)}`,
    schema,
    table,
    object: name,
    up: [
      `CREATE ${unique ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS ${quoteIdentifier(name)} ON ONLY ${tableName(place)} ${definition}`,
    ],
    down: [`DROP INDEX IF EXISTS ${quoteQualified(schema, name)}`],
    verify: [indexCheck(place, name, 'exists')],
    lock: { mode: 'SHARE', tables: [tableName(place)], duration: 'brief' },
    privileges: [
      { action: 'own', name: tableName(place) },
      { action: 'create-in-schema', name: quoteIdentifier(schema) },
    ],
  })
}

/** The deepest first, because an index can be attached only if it is complete or will be. */
export function attachIndexes(
  place: IndexPlace,
  index: Pick<IndexTarget, 'name'>,
  partitions: readonly PartitionIndex[],
): Step {
  const root = { schema: place.schema, name: index.name }
  const nameOf = new Map(partitions.map((each) => [key(each.partition), placeOfIndex(each)]))
  const attach = ({ partition, name }: PartitionIndex) => {
    const parent = nameOf.get(key(partition.parent)) ?? root
    return `ALTER INDEX ${quoteQualified(parent.schema, parent.name)} ATTACH PARTITION ${quoteQualified(partition.schema, name)}`
  }
  return step({
    recipe: {
      builder: 'attach-indexes',
      parameters: {
        index: recipeIndex(place),
        name: index.name,
        partitions: partitions.map((each) => ({ ...each, partition: recipePartition(each.partition) })),
      },
    },
    id: `attach-index:${place.schema}.${index.name}`,
    kind: 'attach-index',
    title: `Attach the partitions' indexes to ${titleOfName(index.name)}`,
    schema: place.schema,
    table: place.table,
    up: [indexNewcomers(place, index, partitions), ...[...partitions].reverse().map(attach)],
    // An attached index can neither be detached nor dropped separately.
    down: [`DROP INDEX IF EXISTS ${quoteQualified(place.schema, index.name)}`],
    verify: [indexCheck(place, index.name)],
    lock: {
      mode: 'ACCESS SHARE',
      tables: wholeTree(place),
      duration: 'brief',
      besides: phrase`ACCESS EXCLUSIVE on the indexes`,
    },
  })
}

/**
 * A partition added between the plan and the empty index has no index yet, and the index of the table would stay
 * invalid. It is built immediately: a new partition is small.
 */
function indexNewcomers(
  place: IndexPlace,
  index: Pick<IndexTarget, 'name'>,
  partitions: readonly PartitionIndex[],
): string {
  const known = partitions.map(({ partition }) => regclass(partition.schema, partition.name))
  const indexes = [{ schema: place.schema, name: index.name }, ...partitions.map(placeOfIndex)]
  return doBlock(
    [
      'DECLARE',
      '  prisma_audit_newcomer record;',
      'BEGIN',
      '  FOR prisma_audit_newcomer IN',
      '    SELECT t.relid, t.parentrelid',
      `    FROM pg_catalog.pg_partition_tree(${regclass(place.schema, place.table)}) AS t`,
      `    WHERE t.parentrelid = ANY (ARRAY[${[regclass(place.schema, place.table), ...known].join(', ')}])`,
      `      AND t.relid <> ALL (ARRAY[${known.join(', ')}]::pg_catalog.regclass[])`,
      '      AND NOT EXISTS (',
      '        SELECT FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = i.indexrelid',
      `        WHERE i.indrelid = t.relid AND h.inhparent = ANY (ARRAY[${indexes.map(({ schema, name }) => regclass(schema, name)).join(', ')}])`,
      '      )',
      '  LOOP',
      `    EXECUTE pg_catalog.format('CREATE ${place.unique ? 'UNIQUE ' : ''}INDEX ON %s %s', prisma_audit_newcomer.relid, ${quoteLiteral(place.definition)});`,
      `    EXECUTE pg_catalog.format('ALTER INDEX %s ATTACH PARTITION %s',`,
      '      (SELECT i.indexrelid::pg_catalog.regclass FROM pg_catalog.pg_index AS i WHERE i.indrelid = prisma_audit_newcomer.parentrelid',
      `        AND i.indexrelid = ANY (ARRAY[${indexes.map(({ schema, name }) => regclass(schema, name)).join(', ')}])),`,
      '      (SELECT pg_catalog.max(i.indexrelid)::pg_catalog.regclass FROM pg_catalog.pg_index AS i WHERE i.indrelid = prisma_audit_newcomer.relid));',
      '  END LOOP;',
      'END',
    ].join('\n'),
  )
}

function placeOfIndex({ partition, name }: PartitionIndex) {
  return { schema: partition.schema, name }
}

function regclass(schema: string, name: string): string {
  return `pg_catalog.to_regclass(${quoteLiteral(quoteQualified(schema, name))})`
}

function key({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return JSON.stringify([schema, name])
}
