import { triggerNameOf } from '../../audit-fields/kinds'
import { quoteName } from '../values/names'
import { triggersThatMaySet, triggersThatSet } from '../triggers'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `trigger-missing`: the policy wants a trigger to keep `updatedAt` true for writes that go past Prisma Client, the
 * column is there, and no trigger sets it. Information where a trigger may set it: a condition, or code that cannot be
 * read with certainty.
 */
export const triggerMissing: TableRule = (pair, context) =>
  context.audited
    .filter(({ wantsTrigger, isInDatabase }) => wantsTrigger && isInDatabase === true)
    .filter(({ column }) => triggersThatSet(pair.actual, column, context.index).length === 0)
    .map(({ auditField, column, schemaColumn }) => {
      const trigger = triggerNameOf(auditField, pair.actual.name)
      const possible = triggersThatMaySet(pair.actual, column, context.index)
      return pairFinding(pair, {
        code: 'trigger-missing',
        severity: possible.length > 0 ? 'information' : 'warning',
        message:
          possible.length > 0
            ? `Unknown whether a trigger maintains ${quoteName(column)} of ${nameOf(pair.expected)} on every UPDATE: ` +
              `${possible.map(({ name }) => quoteName(name)).join(', ')} may. Run "prisma-audit verify" to test it.`
            : `No trigger maintains ${quoteName(column)} of ${nameOf(pair.expected)} for writes that bypass Prisma Client.`,
        field: schemaColumn?.field ?? null,
        column,
        object: trigger,
        expected: `trigger ${quoteName(trigger)}`,
        ...(schemaColumn === null ? {} : { range: schemaColumn.range }),
      })
    })
