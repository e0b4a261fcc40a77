import type { Partition, Table } from '../../database/model'
import { tableName } from './sql'

interface Place {
  readonly schema: string
  readonly table: string
  readonly databaseTable: Table | null
}

export function isPartitioned({ databaseTable }: Pick<Place, 'databaseTable'>): boolean {
  return databaseTable?.kind === 'partitioned table'
}

/** The partitions with rows; none for a plain table. */
function leavesOf(table: Table | null): readonly Partition[] {
  return table?.partitions?.filter((partition) => partition.kind === 'table') ?? []
}

/** Quoted names of the table and all its partitions: the locks of a statement on the table itself. */
export function wholeTree(target: Place): string[] {
  const partitions = isPartitioned(target) ? (target.databaseTable?.partitions ?? []) : []
  return [tableName(target), ...partitions.map(({ schema, name }) => tableName({ schema, table: name }))]
}

/** The target itself, or the partitions with its rows if the table is partitioned. */
export function rowHolders<Target extends Place>(target: Target): readonly Target[] {
  if (!isPartitioned(target)) return [target]
  return leavesOf(target.databaseTable).map((partition) => onPartition(target, partition))
}

/** The same target, for the rows of one partition. */
export function onPartition<Target extends Place>(
  target: Target,
  partition: Partition,
): Target & { readonly partitionOf: string } {
  const { schema, name, estimatedRows } = partition
  const databaseTable: Table | null =
    target.databaseTable === null
      ? null
      : { ...target.databaseTable, kind: 'partition', schema, name, estimatedRows, partitions: [partition] }
  return { ...target, schema, table: name, partitionOf: target.table, databaseTable }
}
