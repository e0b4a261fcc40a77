import { phrase } from '../../text/phrase'
import type { Table, Trigger } from '../../database/model'
import type { TablePair } from '../matching/table-pair'
import type { DatabaseIndex } from '../database-index'
import { isEnabled, partitionsOf, triggersThatMaySet, triggersThatSet } from '../triggers'
import type { LocalFinding } from './local-finding'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `trigger-disabled`: a trigger that someone disabled, perhaps for a bulk load, and that has not fired since; also on a
 * single partition. Copies of a trigger that is disabled on the table itself belong to that finding. A trigger that
 * another one replaces is not reported.
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

/** If another trigger maintains the column, it replaces the disabled one. */
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
