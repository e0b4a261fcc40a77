import type { DatabaseModel, Index, Table } from '../../database/model'
import type { PartitionIndex } from './audit-target'
import { firstFreeIndexName, type TakenNames } from './taken-names'

interface Wanted {
  readonly database: DatabaseModel
  readonly takenNames: TakenNames
  /** The name for a partition's index. */
  readonly nameOf: (partition: string) => string
  /** Whether the index can be used as it is. */
  readonly serves: (index: Index) => boolean
}

/** An index for each partition of a table; an index with our name from an earlier run is used as it is. */
export function partitionIndexes(table: Table, { database, takenNames, nameOf, serves }: Wanted): PartitionIndex[] {
  return (table.partitions ?? []).map((partition) => {
    const found = database.tables.find(({ schema, name }) => schema === partition.schema && name === partition.name)
    const taken = takenNames(partition.schema)
    const wanted = nameOf(partition.name)
    const ours = found?.indexes.find((index) => index.name === wanted)
    const exists = ours !== undefined && serves(ours)
    // An index on a partitioned table is valid only when all indexes below it are.
    const isLeftover = ours?.valid === false
    const name = exists || isLeftover ? wanted : firstFreeIndexName(wanted, wanted.replace(/_(?:idx|key)$/, ''), taken)
    taken.add(name)
    return { partition, name, exists }
  })
}
