import { phrase, type Phrase } from '../../text/phrase'
import type { Column, Trigger } from '../../database/model'
import type { DatabaseIndex } from '../database-index'
import type { TablePair } from '../matching/table-pair'
import { assignedExpressions, functionOf, isEnabled, isLocalTime, isModdatetime, triggersThatSet } from '../triggers'
import { quoteName } from '../values/names'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `updated-at-clock`: Prisma reads a `timestamp` as UTC, but `now()` and CURRENT_TIMESTAMP write the session's local time into
 * it, hours off unless the session is in UTC; `moddatetime` does the same and also ignores the column's precision. Such
 * a trigger is a warning if the policy requires the field, otherwise information: all sessions may be in UTC. A default
 * is reported only if the policy requires the field; as a hint if the schema says it: Prisma creates it from
 * `@default(now())`, and only raw SQL without a value meets it.
 */
export const updatedAtClock: TableRule = (pair, context) => {
  const audited = context.audited.filter(({ hasTrigger }) => hasTrigger).map(({ column }) => column)
  const warned = audited.filter((name) => !context.audited.some((field) => field.acceptsClock && field.column === name))
  const updatedAt = pair.columns.pairs
    .filter(({ expected }) => expected.isUpdatedAt)
    .map(({ expected }) => expected.name)
  return [...new Set([...audited, ...updatedAt])].flatMap((name) => {
    const column = pair.actual.columns.find((candidate) => candidate.name === name)
    if (column?.typeName !== 'timestamp') return []
    const fault = triggerFault(pair, column, context.index) ?? (audited.includes(name) ? defaultFault(column) : null)
    if (fault === null) return []
    const expected = pair.expected.columns.find((candidate) => candidate.name === name)
    const ofDefault = expected?.default?.kind === 'now' ? 'hint' : 'information'
    const ofTrigger = warned.includes(name) ? 'warning' : 'information'
    return pairFinding(pair, {
      code: 'updated-at-clock',
      severity: fault.trigger === null ? ofDefault : ofTrigger,
      message: phrase`${fault.subject} on ${nameOf(pair.expected)} writes ${fault.why} into ${quoteName(name)}, which Prisma reads as UTC.`,
      field: expected?.field ?? null,
      column: name,
      object: fault.trigger,
      expected: "now() at time zone 'UTC'",
      actual: fault.expression,
      ...(expected === undefined ? {} : { range: expected.range }),
    })
  })
}

interface Fault {
  readonly subject: Phrase
  readonly trigger: string | null
  readonly expression: string
  readonly why: Phrase
}

function triggerFault(pair: TablePair, column: Column, index: DatabaseIndex): Fault | null {
  const triggers = triggersThatSet(pair.actual, column.name, index).filter(isEnabled)
  for (const trigger of triggers) {
    const expression = localClock(trigger, column.name, index)
    if (expression === null) continue
    const why = isModdatetime(trigger) ? phrase`local time, at full precision,` : phrase`local time`
    return { subject: phrase`The trigger "${trigger.name}"`, trigger: trigger.name, expression, why }
  }
  return null
}

function localClock(trigger: Trigger, column: string, index: DatabaseIndex): string | null {
  if (isModdatetime(trigger)) return 'moddatetime()'
  const source = functionOf(trigger, index)?.source ?? ''
  return assignedExpressions(source, column).find(isLocalTime) ?? null
}

function defaultFault(column: Column): Fault | null {
  if (column.default === null || !isLocalTime(column.default)) return null
  return { subject: phrase`The default`, trigger: null, expression: column.default, why: phrase`local time` }
}
