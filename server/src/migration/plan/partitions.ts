import type { Partition, Table } from '../../database/model'
import type { AuditTarget, UserReferenceTarget } from './audit-target'
import { tableName } from './sql'

export function isPartitioned({ databaseTable }: AuditTarget): boolean {
  return databaseTable?.kind === 'partitioned table'
}

/** The partitions that hold the rows; none for a plain table. */
export function leavesOf(table: Table | null): readonly Partition[] {
  return table?.partitions?.filter((partition) => partition.kind === 'table') ?? []
}

/** Quoted names of the table and of all its partitions: what a statement on the table itself locks. */
export function wholeTree(target: AuditTarget): string[] {
  const partitions = isPartitioned(target) ? (target.databaseTable?.partitions ?? []) : []
  return [tableName(target), ...partitions.map(({ schema, name }) => tableName({ schema, table: name }))]
}

/** The same target, for the rows of one partition. */
export function onPartition(target: UserReferenceTarget, partition: Partition): UserReferenceTarget {
  const { schema, name, estimatedRows } = partition
  const databaseTable: Table | null =
    target.databaseTable === null ? null : { ...target.databaseTable, kind: 'partition', schema, name, estimatedRows }
  return { ...target, schema, table: name, partitionOf: target.table, databaseTable }
}
