import type { ExpectedIndex } from '../../../expected/model'
import { nameWithSuffix } from '../../../expected/names'
import type { Step } from '../../model'
import type { IndexPlace } from '../audit-target'
import { partitionIndexes } from '../partition-indexes'
import { isPartitioned } from '../partitions'
import { createIndex } from '../steps/create-index'
import { createPartitionedIndex } from '../steps/partitioned-index'
import { noDuplicates } from '../steps/precondition'
import type { DriftContext } from './drift-context'
import { indexDefinition } from './index-definition'
import type { MissingParts } from './missing-objects'
import { nameIsTaken, unreadCondition } from './plan-tables'
import { titleOfColumns } from '../titles'

export interface PlannedIndexes {
  readonly preconditions: readonly Step[]
  readonly steps: readonly Step[]
}

/** Unique ones first, because foreign keys may reference them. */
export function planMissingIndexes(
  { expected, actual, indexes, columns: added }: MissingParts,
  refused: readonly string[],
  context: DriftContext,
): PlannedIndexes {
  const preconditions: Step[] = []
  const steps: Step[] = []
  const taken = context.takenNames(actual.schema)
  const wanted = indexes.filter(
    (index) => !isCovered(index, actual, context) && !index.columns.some(({ column }) => refused.includes(column)),
  )
  for (const index of [...wanted].sort((a, b) => Number(b.unique) - Number(a.unique))) {
    const definition = indexDefinition(index)
    const columns = index.columns.map(({ column }) => column)
    if (definition === null) {
      context.refuse(expected.model, 'condition-unknown', index.name, unreadCondition(index.name), false)
      continue
    }
    if (taken.has(index.name)) {
      context.refuse(expected.model, 'name-taken', index.name, nameIsTaken(index.name), true)
      continue
    }
    taken.add(index.name)
    const place: IndexPlace = {
      schema: actual.schema,
      table: actual.name,
      label: titleOfColumns({ schema: actual.schema, table: actual.name }, columns),
      unique: index.unique,
      definition,
      databaseTable: actual,
    }
    const isOnOld = columns.every((column) => !added.some(({ name }) => name === column))
    if (index.unique && isOnOld && !index.isPartial) {
      preconditions.push(noDuplicates({ ...place, estimatedRows: actual.estimatedRows }, index.name, columns))
    }
    steps.push(...(isPartitioned(place) ? partitioned(place, index, context) : [createIndex(place, index.name)]))
  }
  return { preconditions, steps }
}

function partitioned(place: IndexPlace, index: ExpectedIndex, { database, takenNames }: DriftContext): Step[] {
  const columns = index.columns.map(({ column }) => column).join('_')
  const partitions =
    place.databaseTable === null
      ? []
      : partitionIndexes(place.databaseTable, {
          database,
          takenNames,
          nameOf: (partition) => nameWithSuffix(`${partition}_${columns}`, index.unique ? '_key' : '_idx'),
          serves: () => false,
        })
  return createPartitionedIndex(place, { name: index.name, exists: false, partitions })
}

function isCovered(index: ExpectedIndex, actual: MissingParts['actual'], { covered }: DriftContext): boolean {
  return covered.some(
    (target) =>
      target.schema === actual.schema &&
      target.table === actual.name &&
      index.columns.length === 1 &&
      index.columns[0]?.column === target.column,
  )
}
