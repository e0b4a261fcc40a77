import {
  actorFunctionName,
  actorTriggerName,
  actorTriggerOf,
  actorTriggerSource,
  type ActorWhen,
} from '../../audit-fields/actor-trigger'
import type { Policy } from '../../audit-fields/policy'
import { isEnabled, leavesActorMark } from '../../audit/triggers'
import type { DatabaseModel, Trigger } from '../../database/model'
import { quoteIdentifier } from '../../database/quote'
import type { Check } from '../../verification/model'
import type { Step } from '../model'
import type { AuditTarget, UserReferenceTarget } from './audit-target'
import { actorTriggerCheck } from './checks/actor-trigger'
import { triggerCheck } from './checks/trigger'
import { recipeColumn, timestampTarget } from './recipe-parts'
import { freeTriggerName } from './names'
import { nameWithSuffix } from '../../expected/names'
import { createTriggerFunction, type TriggerFunctionParts } from './steps/create-function'
import { enableTrigger } from './steps/create-trigger'
import { createActorTrigger } from './steps/create-actor-trigger'

/**
 * A trigger that fills a user field from the setting `app.actor`, or the one that tells it that the statement sets the
 * field.
 */
export interface ActorTrigger {
  readonly target: UserReferenceTarget
  readonly when: ActorWhen
  readonly fires: ActorWhen | 'given'
  readonly name: string
  readonly function: { readonly schema: string; readonly name: string; readonly exists: boolean }
  /** The existing trigger, possibly disabled. */
  readonly existing: Trigger | null
}

/**
 * The triggers that the policy requires on the targets' tables; of two that belong together, the one that leaves the
 * mark comes first.
 */
export function actorTriggers(
  targets: readonly AuditTarget[],
  { policy, database }: { readonly policy: Policy; readonly database: DatabaseModel },
): ActorTrigger[] {
  const sources = new Map(database.triggerFunctions.map((found) => [key(found.schema, found.name), found.source]))
  const existing = new Set(sources.keys())
  return targets.flatMap((target) => {
    const when = actorTriggerOf(target.field, policy)
    const { databaseTable: table } = target
    if (target.shape !== 'user' || when === null || table === null) return []
    const source = actorTriggerSource(target.column, when)
    const ours = table.triggers.filter(
      ({ functionSchema, functionName }) => sources.get(key(functionSchema, functionName)) === source,
    )
    const stem = actorFunctionName(target.field)
    let called = stem
    for (let number = 2; (sources.get(key(target.schema, called)) ?? source) !== source; number++) {
      called = nameWithSuffix(stem, `_${number}`)
    }
    sources.set(key(target.schema, called), source)
    const taken = new Set(table.triggers.map(({ name }) => name))
    const kinds: readonly ActorTrigger['fires'][] = when === 'write' ? ['given', when] : [when]
    return kinds.map((fires): ActorTrigger => {
      const standing = ours.find((trigger) => leavesActorMark(trigger) === (fires === 'given')) ?? null
      const wanted = actorTriggerName(target.table, target.field, fires === 'given' ? 'given' : 'set')
      return {
        ...{ target, when, fires, existing: standing },
        name: standing?.name ?? freeTriggerName(wanted, taken),
        function: { schema: target.schema, name: called, exists: existing.has(key(target.schema, called)) },
      }
    })
  })
}

/** Last, like every trigger: rows filled before do not fire it. */
export function actorTriggerSteps(triggers: readonly ActorTrigger[]): Step[] {
  const missing = triggers.filter(({ existing }) => existing === null)
  const functions = new Map<string, Step>()
  for (const { target, when, function: called } of missing) {
    if (called.exists) continue
    const step = createTriggerFunction(actorFunction(called, target.column, when), target.table, {
      builder: 'create-actor-function',
      parameters: { schema: called.schema, name: called.name, column: target.column, when, table: target.table },
    })
    functions.set(step.id, step)
  }
  return [
    ...functions.values(),
    ...triggers.flatMap(enabling),
    ...missing.map(({ target, fires, name, function: { schema, name: called } }) =>
      createActorTrigger({ ...target, fires, trigger: name, function: { schema, name: called } }),
    ),
  ]
}

function enabling({ target, existing }: ActorTrigger): Step[] {
  if (existing === null || isEnabled(existing) || target.type === null) return []
  return [
    enableTrigger(timestampTarget({ ...recipeColumn(target), type: target.type, lastingDefault: null }), existing),
  ]
}

/** That they exist and fire, and one write that is rolled back. */
export function actorTriggerChecks(triggers: readonly ActorTrigger[], defaultSchema: string): Check[] {
  return triggers.flatMap(({ target, fires, name }) => {
    const { model, field } = target
    const about = (aspect: string, check: Check): Check => ({
      ...check,
      subject: { id: `${model}.${field}/${aspect}`, model, field },
    })
    if (fires === 'given') return [about('actor-trigger-given', triggerCheck(target, name))]
    const proof = fires === 'write' ? actorTriggerCheck(target, defaultSchema) : null
    return [about('actor-trigger', triggerCheck(target, name)), ...(proof === null ? [] : [about('actor', proof)])]
  })
}

/** Identifies the function by its inputs. */
export function actorFunction(
  { schema, name }: { readonly schema: string; readonly name: string },
  column: string,
  when: ActorWhen,
): TriggerFunctionParts {
  const what = when === 'write' ? 'whenever a row changes' : 'in new rows'
  return {
    schema,
    name,
    source: actorTriggerSource(column, when),
    comment: `Made by Prisma Audit: fills ${quoteIdentifier(column)} with the user in app.actor ${what}.`,
  }
}

function key(schema: string, name: string): string {
  return JSON.stringify([schema, name])
}
