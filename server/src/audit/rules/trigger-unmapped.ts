import { phrase, type Phrase } from '../../text/phrase'
import type { Table, Trigger } from '../../database/model'
import type { Range } from '../../schema/model'
import type { DatabaseIndex } from '../database-index'
import { actorTriggersOf, isEnabled, partitionsOf, triggersThatMaySet, triggersThatSet } from '../triggers'
import { localFinding, type LocalFinding } from './local-finding'
import { nameOf, pairFinding, TOLD_ONE_BY_ONE, type TableRule } from './table-rule'

/**
 * `trigger-unmapped`: triggers, which Prisma does not know, except those that maintain a column for the policy, or may do so
 * (`trigger-missing` reports those). Triggers of single partitions count as the table's, without the copies of its own.
 */
export const triggerUnmapped: TableRule = (pair, context) => {
  const wanted = context.audited
    .filter(({ wantsTrigger }) => wantsTrigger)
    .flatMap(({ column }) => [
      ...triggersThatSet(pair.actual, column, context.index),
      ...triggersThatMaySet(pair.actual, column, context.index),
    ])
  const actors = context.audited.flatMap((field) => actorTriggersOf(pair.actual, field, context.index))
  const own = ownTriggers(pair.actual).filter((trigger) => !wanted.includes(trigger) && !actors.includes(trigger))
  return [
    ...tell(own, `"${pair.actual.name}"`, nameOf(pair.expected), (parts) => pairFinding(pair, parts)),
    ...onPartitions(pair.actual, context.index, nameOf(pair.expected), (parts) => pairFinding(pair, parts)),
  ]
}

/** The same for a view: Prisma Client writes through its INSTEAD OF triggers. */
export function viewTriggers(
  view: Table,
  { model, range }: { readonly model: string; readonly range: Range },
): LocalFinding[] {
  return tell(ownTriggers(view), `"${view.name}"`, model, (parts) =>
    localFinding({ model, schemaName: view.schema, table: view.name, range, ...parts }),
  )
}

/** Those that fire and are not copies of another table's trigger. */
function ownTriggers({ triggers }: Table): Trigger[] {
  return triggers.filter((trigger) => isEnabled(trigger) && trigger.isInherited !== true)
}

type Told = Pick<LocalFinding, 'code' | 'severity' | 'object' | 'actual'> &
  Partial<Pick<LocalFinding, 'schemaName' | 'table'>> & { readonly message: Phrase }

function tell(
  triggers: readonly Trigger[],
  place: string,
  owner: string | Phrase,
  finding: (parts: Told) => LocalFinding,
): LocalFinding[] {
  if (triggers.length > TOLD_ONE_BY_ONE) {
    const names = triggers.map(({ name }) => name).join(', ')
    const message = phrase`Prisma does not manage ${triggers.length} triggers on ${place}: ${names}.`
    const actual = triggers.map(({ definition }) => definition).join('; ')
    return [finding({ ...BEYOND_PRISMA, message, object: names, actual })]
  }
  return triggers.map(({ name, definition }) =>
    finding({
      ...BEYOND_PRISMA,
      message: phrase`${owner} has a trigger "${name}" that Prisma does not manage.`,
      object: name,
      actual: definition,
    }),
  )
}

const BEYOND_PRISMA = { code: 'trigger-unmapped', severity: 'information' } as const

/** Grouped over all partitions: there may be hundreds, each with the same trigger created by hand. */
function onPartitions(
  table: Table,
  index: DatabaseIndex,
  owner: string | Phrase,
  finding: (parts: Told) => LocalFinding,
): LocalFinding[] {
  const found = partitionsOf(table, index).flatMap((partition) =>
    ownTriggers(partition).map((trigger) => ({ partition, trigger })),
  )
  if (found.length > TOLD_ONE_BY_ONE) {
    const places = found.map(({ partition, trigger }) => phrase`${trigger.name} on ${partition.name}`)
    const message = phrase`Prisma does not manage ${found.length} triggers on partitions of "${table.name}": ${places}.`
    const object = [...new Set(found.map(({ trigger }) => trigger.name))].join(', ')
    const actual = found.map(({ trigger }) => trigger.definition).join('; ')
    return [finding({ ...BEYOND_PRISMA, message, object, actual })]
  }
  return found.map(({ partition: { schema, name }, trigger }) =>
    finding({
      ...BEYOND_PRISMA,
      message: phrase`Partition "${name}" of ${owner} has a trigger "${trigger.name}" that Prisma does not manage.`,
      object: trigger.name,
      actual: trigger.definition,
      schemaName: schema,
      table: name,
    }),
  )
}
