import { isEnabled, triggersThatSet } from '../triggers'
import { nameOf, pairFinding, TOLD_ONE_BY_ONE, type TableRule } from './table-rule'

/** `trigger-unmapped`: triggers, which Prisma knows nothing of, other than the one that the policy asks for. */
export const triggerUnmapped: TableRule = (pair, context) => {
  const wanted = context.audited
    .filter(({ wantsTrigger }) => wantsTrigger)
    .flatMap(({ column }) => triggersThatSet(pair.actual, column, context.index))
  const triggers = pair.actual.triggers.filter((trigger) => isEnabled(trigger) && !wanted.includes(trigger))
  if (triggers.length > TOLD_ONE_BY_ONE) {
    const names = triggers.map(({ name }) => name).join(', ')
    return [
      pairFinding(pair, {
        code: 'trigger-unmapped',
        severity: 'information',
        message: `${String(triggers.length)} triggers on "${pair.actual.name}" are beyond Prisma: ${names}.`,
        object: names,
        actual: triggers.map(({ definition }) => definition).join('; '),
      }),
    ]
  }
  return triggers.map(({ name, definition }) =>
    pairFinding(pair, {
      code: 'trigger-unmapped',
      severity: 'information',
      message: `The trigger "${name}" on ${nameOf(pair.expected)} is beyond Prisma.`,
      object: name,
      actual: definition,
    }),
  )
}
