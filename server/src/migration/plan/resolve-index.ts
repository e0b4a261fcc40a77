import { isOnColumnAlone } from '../../audit/matching/indexes'
import type { Index } from '../../database/model'
import { indexName } from '../../expected/names'
import type { IndexTarget } from './audit-target'
import type { Warning } from '../model'
import type { FieldContext } from './field-context'
import { partitionIndexes } from './partition-indexes'
import { firstFreeIndexName } from './taken-names'
import { titleOfName } from './titles'
import { phrase } from '../../text/phrase'

/** The index that the policy or the schema requires on the column; null for none. */
export function resolveIndex(
  context: FieldContext,
  wantedByPolicy: boolean,
): { readonly index: IndexTarget | null; readonly warnings: readonly Warning[] } {
  const { actual, column, database, expected, schemaName, takenNames } = context
  const taken = takenNames(schemaName)
  const inSchema = expected.indexes.find((index) => index.columns.length === 1 && index.columns[0]?.column === column)
  if (!wantedByPolicy && inSchema === undefined) return { index: null, warnings: [] }
  const existing = actual?.indexes.find((index) => serves(index, column))
  if (existing !== undefined) return { index: { name: existing.name, exists: true }, warnings: [] }
  const wanted = inSchema?.name ?? indexName(expected.name, [column])
  // An invalid index from an interrupted build is dropped, so its name is free. The index of a partitioned table is not
  // valid before the last partition has its own: an earlier run started it, and this one continues.
  const isLeftover = actual?.indexes.some((index) => index.name === wanted && !index.valid) === true
  const name = isLeftover ? wanted : firstFreeIndexName(wanted, `${expected.name}_${column}`, taken)
  taken.add(name)
  const warnings = name === wanted ? [] : [nameReplaced(wanted, name, column)]
  const partitions =
    actual?.partitions === undefined
      ? {}
      : {
          partitions: partitionIndexes(actual, {
            database,
            takenNames,
            nameOf: (partition) => indexName(partition, [column]),
            serves: (found) => serves(found, column),
          }),
        }
  return { index: { name, exists: false, ...partitions }, warnings }
}

function nameReplaced(wanted: string, name: string, column: string): Warning {
  const text = phrase`The name ${titleOfName(wanted)} is taken, so the index of ${titleOfName(column)} is named ${titleOfName(name)}: add map: "${name}" to its @@index.`
  return { code: 'name-replaced', object: titleOfName(wanted), text }
}

/** Valid and ready, under any name. */
function serves(index: Index, column: string): boolean {
  return index.valid && isOnColumnAlone(index, column)
}
