import type { Table, Trigger, TriggerFunction } from '../database/model'
import { actorTriggerSource, type ActorWhen } from '../audit-fields/actor-trigger'
import { withoutComments } from '../text/sql-tokens'
import type { DatabaseIndex } from './database-index'
import { plpgsqlEffect, type ColumnEffect, type WriteOperation } from './plpgsql-effect'

/** Finds a trigger's function; undefined if it was not read. */
export type FindTriggerFunction = (schema: string, name: string) => TriggerFunction | undefined

/**
 * The effect of the trigger on a column that a write does not set. Findings, plan and verification all use it. It
 * analyzes what the trigger does, never its name. If that is unclear, it is what a test on the database showed,
 * otherwise `unknown`.
 */
export function judgeTrigger(
  trigger: Trigger,
  column: string,
  operation: WriteOperation,
  findFunction: FindTriggerFunction,
): ColumnEffect {
  if (trigger.timing !== 'BEFORE' || trigger.level !== 'ROW' || !trigger.events.includes(operation)) return 'other'
  const effect = effectOfFunction(trigger, column, operation, findFunction)
  const read = effect === 'sets' && isConditional(trigger) ? 'unknown' : effect
  if (read !== 'unknown' || operation !== 'UPDATE' || trigger.tried?.column !== column) return read
  return trigger.tried.effect
}

/** The triggers by which every UPDATE of a row sets the column, including disabled ones. */
export function triggersThatSet(table: Table, column: string, index: DatabaseIndex): Trigger[] {
  return judged(table, column, index, 'sets')
}

/**
 * The triggers that fill the column with the user in `app.actor`, as the policy requires, including disabled ones and
 * the one that leaves the mark.
 */
export function actorTriggersOf(table: Table, { column, actorTrigger }: ActorField, index: DatabaseIndex): Trigger[] {
  if (actorTrigger === null) return []
  const source = actorTriggerSource(column, actorTrigger)
  return table.triggers.filter((trigger) => functionOf(trigger, index)?.source === source)
}

/** Whether it only tells the other trigger that the statement sets the column. */
export function leavesActorMark({ definition }: Trigger): boolean {
  return definition.endsWith("('given')")
}

interface ActorField {
  readonly column: string
  readonly actorTrigger: ActorWhen | null
}

/** Those whose effect is unclear. */
export function triggersThatMaySet(table: Table, column: string, index: DatabaseIndex): Trigger[] {
  return judged(table, column, index, 'unknown')
}

function judged(table: Table, column: string, index: DatabaseIndex, effect: ColumnEffect): Trigger[] {
  const find: FindTriggerFunction = (schema, name) => index.findTriggerFunction(schema, name)
  return table.triggers.filter((trigger) => judgeTrigger(trigger, column, 'UPDATE', find) === effect)
}

/** Whether the trigger writes the session's local time into a `timestamp`, as far as its text shows. */
export function writesLocalTime(trigger: Trigger, column: string, source: string): boolean {
  if (trigger.tried?.column === column && trigger.tried.effect === 'sets') return !trigger.tried.isClockInUtc
  return isModdatetime(trigger) || assignedExpressions(source, column).some(isLocalTime)
}

/** `moddatetime` writes local time at full precision into any column. */
export function isModdatetime(trigger: Trigger): boolean {
  return trigger.functionName === 'moddatetime'
}

/** Whether the expression reads the clock without a time zone. */
export function isLocalTime(expression: string): boolean {
  return (
    CLOCK.test(expression) &&
    !/\btime\s*zone\b|\btimezone\s*\(/i.test(expression.replace(/::timestamp[^:]*?time zone/gi, ''))
  )
}

/** Whether the trigger fires in ordinary sessions. `R` fires on replicas only. */
export function isEnabled(trigger: Trigger): boolean {
  return trigger.state === 'O' || trigger.state === 'A'
}

/** The partitions of a table at every level, as far as their schemas are read. */
export function partitionsOf({ partitions }: Table, index: DatabaseIndex): Table[] {
  return (partitions ?? []).flatMap(({ schema, name }) => index.findTable(schema, name) ?? [])
}

export function functionOf(trigger: Trigger, index: DatabaseIndex): TriggerFunction | undefined {
  return index.findTriggerFunction(trigger.functionSchema, trigger.functionName)
}

/** The expressions that a PL/pgSQL function assigns to the column of the new row. */
export function assignedExpressions(source: string, column: string): string[] {
  const code = withoutComments(source)
  // The start of a statement; in a condition, `=` compares.
  const target = String.raw`(?:^|;|\b(?:begin|then|else|loop)\b)\s*new\s*\.\s*${columnPattern(column)}\s*(?::=|=)\s*([^;]+)`
  return [...code.matchAll(new RegExp(target, 'gi'))].map((match) => (match[1] ?? '').trim())
}

function effectOfFunction(
  trigger: Trigger,
  column: string,
  operation: WriteOperation,
  findFunction: FindTriggerFunction,
): ColumnEffect {
  const found = findFunction(trigger.functionSchema, trigger.functionName)
  if (isModdatetime(trigger)) return argumentsOf(trigger).some((name) => names(name, column)) ? 'sets' : 'other'
  if (found === undefined) return 'unknown'
  if (found.language === 'plpgsql') return plpgsqlEffect(found.source, column, operation)
  // A function in C or another language can only set a column whose name it receives.
  const isNamed = names(found.source, column) || argumentsOf(trigger).some((argument) => names(argument, column))
  return isNamed ? 'unknown' : 'other'
}

/** `WHEN (…)` and `UPDATE OF …`: it does not fire for every write. */
function isConditional({ definition }: Trigger): boolean {
  return /\sWHEN \(/.test(definition) || /\sUPDATE OF /.test(definition)
}

/** `EXECUTE FUNCTION moddatetime('updatedAt')`. */
function argumentsOf({ definition }: Trigger): string[] {
  const list = /\sEXECUTE (?:FUNCTION|PROCEDURE) [^]*?\(([^]*)\)$/.exec(definition)?.[1] ?? ''
  return [...list.matchAll(/'([^']*(?:''[^']*)*)'/g)].map((match) => (match[1] ?? '').replaceAll("''", "'"))
}

function names(text: string, column: string): boolean {
  return text.toLowerCase().includes(column.toLowerCase())
}

const CLOCK =
  /\b(?:now|transaction_timestamp|statement_timestamp|clock_timestamp)\s*\(|\bcurrent_timestamp\b|\blocaltimestamp\b/i

/** A quoted name is matched exactly; an unquoted one in any case, because PostgreSQL folds it. */
function columnPattern(column: string): string {
  const quoted = `"${column.replaceAll('"', '""').replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}"`
  return /^[a-z_][a-z0-9_$]*$/.test(column) ? `(?:${quoted}|${column.replaceAll('$', String.raw`\$`)}\\b)` : quoted
}
