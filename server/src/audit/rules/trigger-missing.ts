import { phrase } from '../../text/phrase'
import { actorTriggerName } from '../../audit-fields/actor-trigger'
import { triggerNameOf } from '../../audit-fields/kinds'
import { quoteName } from '../values/names'
import { actorTriggersOf, leavesActorMark, triggersThatMaySet, triggersThatSet } from '../triggers'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `trigger-missing`: the policy requires a trigger that maintains `updatedAt` for writes that bypass Prisma Client, the
 * column exists, and no trigger sets it. Information if a trigger may set it: it has a condition, or its code cannot be
 * analyzed with certainty.
 */
export const triggerMissing: TableRule = (pair, context) => [
  ...clockTriggers(pair, context),
  ...actorTriggers(pair, context),
]

const clockTriggers: TableRule = (pair, context) =>
  context.audited
    .filter(({ wantsTrigger, isInDatabase, unfit }) => wantsTrigger && isInDatabase === true && unfit === null)
    .filter(({ column }) => triggersThatSet(pair.actual, column, context.index).length === 0)
    .map(({ auditField, column, schemaColumn }) => {
      const trigger = triggerNameOf(auditField, pair.actual.name)
      const possible = triggersThatMaySet(pair.actual, column, context.index)
      return pairFinding(pair, {
        code: 'trigger-missing',
        severity: possible.length > 0 ? 'information' : 'warning',
        message:
          possible.length > 0
            ? phrase`Cannot tell whether a trigger on ${nameOf(pair.expected)} maintains ${quoteName(column)} on every UPDATE: ${possible.map(({ name }) => quoteName(name)).join(', ')} may. Run "prisma-audit verify" to test it.`
            : phrase`No trigger on ${nameOf(pair.expected)} maintains ${quoteName(column)} for writes that bypass Prisma Client.`,
        field: schemaColumn?.field ?? null,
        column,
        object: trigger,
        expected: `trigger ${quoteName(trigger)}`,
        ...(schemaColumn === null ? {} : { range: schemaColumn.range }),
      })
    })

/** The policy requires one that fills a user field from the setting `app.actor`. */
const actorTriggers: TableRule = (pair, context) =>
  context.audited
    .filter(({ actorTrigger, isInDatabase, unfit }) => actorTrigger !== null && isInDatabase === true && unfit === null)
    .filter((field) => actorTriggersOf(pair.actual, field, context.index).every(leavesActorMark))
    .map(({ auditField, column, schemaColumn }) => {
      const trigger = actorTriggerName(pair.actual.name, auditField, 'set')
      return pairFinding(pair, {
        code: 'trigger-missing',
        severity: 'warning',
        message: phrase`No trigger on ${nameOf(pair.expected)} fills ${quoteName(column)} with the user in app.actor.`,
        field: schemaColumn?.field ?? null,
        column,
        object: trigger,
        expected: `trigger ${quoteName(trigger)}`,
        ...(schemaColumn === null ? {} : { range: schemaColumn.range }),
      })
    })
