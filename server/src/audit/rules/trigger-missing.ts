import { quoteName } from '../values/names'
import { triggersThatSet, updatedAtTriggerName } from '../triggers'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `trigger-missing`: the policy wants a trigger to keep `updatedAt` true for writes that go past Prisma Client, the
 * column is there, and no trigger sets it.
 */
export const triggerMissing: TableRule = (pair, context) =>
  context.audited
    .filter(({ wantsTrigger, isInDatabase }) => wantsTrigger && isInDatabase === true)
    .filter(({ column }) => triggersThatSet(pair.actual, column, context.index).length === 0)
    .map(({ column, schemaColumn }) => {
      const trigger = updatedAtTriggerName(pair.actual.name)
      return pairFinding(pair, {
        code: 'trigger-missing',
        severity: 'warning',
        message: `No trigger keeps ${quoteName(column)} of ${nameOf(pair.expected)} true for writes that go past Prisma Client.`,
        field: schemaColumn?.field ?? null,
        column,
        object: trigger,
        expected: `trigger ${quoteName(trigger)}`,
        ...(schemaColumn === null ? {} : { range: schemaColumn.range }),
      })
    })
