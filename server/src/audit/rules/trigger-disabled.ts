import { phrase } from '../../text/phrase'
import type { Table, Trigger } from '../../database/model'
import type { TablePair } from '../matching/table-pair'
import type { DatabaseIndex } from '../database-index'
import { isEnabled, partitionsOf, triggersThatMaySet, triggersThatSet } from '../triggers'
import type { LocalFinding } from './local-finding'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `trigger-disabled`: a trigger that somebody switched off, for a bulk load perhaps, and that does not fire since; also
 * on one partition alone. Copies of a trigger that is disabled on the table itself go with that one. One that another
 * trigger has replaced is not told.
 */
export const triggerDisabled: TableRule = (pair, { audited, index }) => {
  const replaced = audited.flatMap(({ column }) => replacedTriggers(pair.actual, column, index))
  const disabled = disabledTriggers(pair.actual).filter((trigger) => !replaced.includes(trigger))
  const names = new Set(disabled.map(({ name }) => name))
  const ofPartitions = partitionsOf(pair.actual, index).flatMap((partition) =>
    disabledTriggers(partition)
      .filter(({ isInherited, name }) => isInherited !== true || !names.has(name))
      .map((trigger) => tell(pair, trigger, partition)),
  )
  return [...disabled.map((trigger) => tell(pair, trigger, null)), ...ofPartitions]
}

/** Where another trigger keeps the column, the one that is disabled has been replaced. */
function replacedTriggers(table: Table, column: string, index: DatabaseIndex): Trigger[] {
  const sure = triggersThatSet(table, column, index)
  return sure.some(isEnabled) ? [...sure, ...triggersThatMaySet(table, column, index)] : []
}

function disabledTriggers({ triggers }: Table): Trigger[] {
  return triggers.filter((trigger) => !isEnabled(trigger))
}

function tell(pair: TablePair, { name, state }: Trigger, partition: Table | null): LocalFinding {
  const owner = nameOf(pair.expected)
  const place = partition === null ? owner : phrase`the partition "${partition.name}" of ${owner}`
  return pairFinding(pair, {
    code: 'trigger-disabled',
    severity: 'warning',
    message:
      state === 'R'
        ? phrase`The trigger "${name}" on ${place} is enabled on replicas only.`
        : phrase`The trigger "${name}" on ${place} is disabled.`,
    object: name,
    expected: 'enabled',
    actual: state === 'R' ? 'enabled replica' : 'disabled',
    ...(partition === null ? {} : { schemaName: partition.schema, table: partition.name }),
  })
}
