import type { TimestampPolicy } from '../../audit-fields/kind'
import { triggerNameOf, type TimestampField } from '../../audit-fields/kinds'
import { isEnabled, judgeTrigger, writesLocalTime, type FindTriggerFunction } from '../../audit/triggers'
import type { Table, Trigger } from '../../database/model'
import type { TriggerTarget, FieldRefusal } from './audit-target'
import type { Warning } from '../model'
import type { FieldContext } from './field-context'
import { freeTriggerName } from './names'
import { titleOfColumn, titleOfName, titleOfRelation } from './titles'
import { allOf, eitherOf, phrase, type Phrase } from '../../text/phrase'

export interface ResolvedTrigger {
  readonly target: TriggerTarget
  readonly warnings: readonly Warning[]
  /** Why nothing can be planned before a person chooses. */
  readonly refusal?: FieldRefusal
}

/**
 * The existing trigger that maintains the column, judged by what it does; otherwise a new one of ours with a free name.
 * If a trigger's text is unclear, the policy must choose.
 */
export function resolveTrigger(
  context: FieldContext,
  field: TimestampField,
  wanted: Exclude<TimestampPolicy['trigger'], false | undefined>,
): ResolvedTrigger {
  const { actual, column, databaseColumn, database, expected } = context
  const ours = newTrigger(triggerNameOf(field, expected.name), actual, context)
  if (actual === null || databaseColumn === null) return { target: ours, warnings: [] }
  const find: FindTriggerFunction = (schema, name) =>
    database.triggerFunctions.find((found) => found.schema === schema && found.name === name)
  const sourceOf = (trigger: Trigger) => find(trigger.functionSchema, trigger.functionName)?.source ?? ''
  const judged = actual.triggers.map((trigger) => ({ trigger, effect: judgeTrigger(trigger, column, 'UPDATE', find) }))
  const sure = judged.filter(({ effect }) => effect === 'sets').map(({ trigger }) => trigger)
  const possible = judged.filter(({ effect }) => effect === 'unknown').map(({ trigger }) => trigger)
  const isLocal = (trigger: Trigger) =>
    databaseColumn.typeName === 'timestamp' && writesLocalTime(trigger, column, sourceOf(trigger))
  const existing = (trigger: Trigger, isMaintainedByChoice = false): ResolvedTrigger => ({
    target: {
      name: trigger.name,
      existing: trigger,
      setsOnInsert: judgeTrigger(trigger, column, 'INSERT', find) === 'sets',
      isMaintainedByChoice,
      replaces: [],
    },
    warnings: isOurs(trigger, find) ? [] : [leftAsItIs(context, trigger, actual)],
  })
  const enabled = [...sure, ...possible].filter(isEnabled)
  const [first] = enabled
  if (first === undefined) {
    const disabled = sure.find((trigger) => !isLocal(trigger))
    return disabled === undefined ? { target: ours, warnings: [] } : existing(disabled)
  }
  const certain = sure.filter(isEnabled)
  const right = certain.find((trigger) => !isLocal(trigger))
  if (right !== undefined) return existing(right)
  switch (wanted) {
    case 'keep':
      return existing(first, true)
    case 'replace':
      return { target: { ...ours, replaces: enabled }, warnings: [] }
    case true:
      return {
        ...existing(first),
        warnings: [],
        refusal: {
          code: 'trigger-ambiguous',
          reason: whyChoose(context, field, enabled, certain.length > 0),
        },
      }
  }
}

function newTrigger(wanted: string, actual: Table | null, { database }: FieldContext): TriggerTarget {
  const partitions = (actual?.partitions ?? []).flatMap((partition) =>
    database.tables.filter((found) => found.schema === partition.schema && found.name === partition.name),
  )
  const taken = [...(actual === null ? [] : [actual]), ...partitions].flatMap(({ triggers }) => triggers)
  const name = freeTriggerName(wanted, new Set(taken.map((trigger) => trigger.name)))
  return { name, existing: null, setsOnInsert: true, isMaintainedByChoice: false, replaces: [] }
}

function isOurs(trigger: Trigger, find: FindTriggerFunction): boolean {
  return find(trigger.functionSchema, trigger.functionName)?.comment?.startsWith('Made by Prisma Audit') === true
}

function leftAsItIs({ column }: FieldContext, trigger: Trigger, table: Table): Warning {
  const name = titleOfName(trigger.name)
  const text = phrase`${titleOfColumn({ schema: table.schema, table: table.name, column })} is already maintained by the trigger ${name}, which is left unchanged. Verification checks that it writes UTC.`
  return { code: 'trigger-left', object: `${titleOfRelation(table)}: ${name}`, text }
}

function whyChoose(
  { column }: FieldContext,
  field: TimestampField,
  triggers: readonly Trigger[],
  isKnown: boolean,
): Phrase {
  const names = allOf(triggers.map(({ name }) => titleOfName(name)))
  const label = titleOfName(column)
  const what = isKnown
    ? phrase`${label} is set by the trigger ${names}, which does not write UTC, so verification would fail.`
    : phrase`${label} may be set by the trigger ${names}. ${whatIsKnown(triggers)}`
  return phrase`${what} Set "trigger" under fields.${field} in the policy: "replace" disables it and creates ours (a rollback enables it again), "keep" leaves it unchanged, false creates none.`
}

function whatIsKnown(triggers: readonly Trigger[]): Phrase {
  const without = triggers.flatMap(({ tried }) => tried?.without ?? [])
  if (without.length === 0) return phrase`Its code does not show whether every UPDATE sets it.`
  if (triggers.some(({ tried }) => tried?.without.includes(tried.column) === true))
    return phrase`A test showed that it leaves a wrong time that an UPDATE writes, so verification would fail.`
  return phrase`A test showed that an UPDATE of ${eitherOf(without.slice(0, 5).map(titleOfName))} does not set it.`
}
