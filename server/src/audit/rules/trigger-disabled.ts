import type { Table, Trigger } from '../../database/model'
import type { TablePair } from '../matching/table-pair'
import { isEnabled, partitionsOf } from '../triggers'
import type { LocalFinding } from './local-finding'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `trigger-disabled`: a trigger that somebody switched off, for a bulk load perhaps, and that does not fire since; also
 * on one partition alone. Copies of a trigger that is disabled on the table itself go with that one.
 */
export const triggerDisabled: TableRule = (pair, { index }) => {
  const disabled = disabledTriggers(pair.actual)
  const names = new Set(disabled.map(({ name }) => name))
  const ofPartitions = partitionsOf(pair.actual, index).flatMap((partition) =>
    disabledTriggers(partition)
      .filter(({ isInherited, name }) => isInherited !== true || !names.has(name))
      .map((trigger) => tell(pair, trigger, partition)),
  )
  return [...disabled.map((trigger) => tell(pair, trigger, null)), ...ofPartitions]
}

function disabledTriggers({ triggers }: Table): Trigger[] {
  return triggers.filter((trigger) => !isEnabled(trigger))
}

function tell(pair: TablePair, { name, state }: Trigger, partition: Table | null): LocalFinding {
  const place = partition === null ? '' : `the partition "${partition.name}" of `
  return pairFinding(pair, {
    code: 'trigger-disabled',
    severity: 'warning',
    message: `The trigger "${name}" of ${place}${nameOf(pair.expected)} is ${
      state === 'R' ? 'enabled on replicas only' : 'disabled'
    }.`,
    object: name,
    expected: 'enabled',
    actual: state === 'R' ? 'enabled replica' : 'disabled',
    ...(partition === null ? {} : { schemaName: partition.schema, table: partition.name }),
  })
}
