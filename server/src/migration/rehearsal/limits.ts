import { quoteIdentifier, quoteLiteral } from '../../database/quote'
import type { CheckResult } from '../../verification/model'
import type { Step } from '../model'
import type { GeneratedRows, NotLoaded, RehearsalFailure, RehearsalPlace, RehearsedStep } from './model'
import type { RealDatabase } from './survey'
import { allOf, phrase, type Phrase } from '../../text/phrase'
import { phraseOfAnswer, phraseOfCheck, phraseOfFound } from '../plan/check-titles'
import { phraseOfTitle } from '../plan/step-titles'

export interface JudgedChecks {
  readonly failures: readonly RehearsalFailure[]
  /** Checks that prove nothing here, each with the reason. */
  readonly unproven: readonly Phrase[]
}

/**
 * A failed check counts unless it is about a table with steps that were not rehearsed or parts that could not be loaded
 * (a trigger whose function belongs to an extension).
 */
export function judgeChecks(
  results: readonly CheckResult[],
  steps: readonly Step[],
  { skipped, notLoaded }: { readonly skipped: ReadonlyMap<string, Phrase>; readonly notLoaded: readonly NotLoaded[] },
): JudgedChecks {
  const tables = [...new Set(steps.filter(({ id }) => skipped.has(id)).map(({ table }) => table))]
  const failures: RehearsalFailure[] = []
  const unproven: Phrase[] = []
  for (const result of results) {
    const { check, outcome } = result
    if (outcome === 'pass') continue
    const title = phraseOfCheck(check.title)
    const found = phraseOfFound(result)
    const lacking = notLoaded.find((object) => belongsTo(object, steps, check.sql))
    const isOfSkipped = tables.some((table) => mentions(check.sql, table))
    if (outcome === 'skipped') unproven.push(phrase`${title}: ${found}.`)
    else if (isOfSkipped) unproven.push(phrase`${title}: steps of that table were not rehearsed.`)
    else if (lacking !== undefined) unproven.push(phrase`${title}: ${lacking.name} could not be loaded.`)
    else {
      const message = phrase`${title}: expected ${phraseOfAnswer(check.expected)}, found ${found}.`
      failures.push({ kind: 'check', pass: 'up', stepId: null, message, sql: check.sql })
    }
  }
  return { failures, unproven }
}

function mentions(sql: string, table: string): boolean {
  return sql.includes(quoteIdentifier(table)) || sql.includes(quoteLiteral(table))
}

/**
 * Whether it is part of a table of the plan that the check is about. pg_dump names a part after its table: `TRIGGER
 * public.Site touch`.
 */
function belongsTo({ name }: NotLoaded, steps: readonly Step[], sql: string): boolean {
  return steps.some(
    ({ schema, table }) =>
      mentions(sql, table) &&
      PARTS.some((part) => name === `${part} ${schema}.${table}` || name.startsWith(`${part} ${schema}.${table} `)),
  )
}

const PARTS = ['TRIGGER', 'CONSTRAINT', 'FK CONSTRAINT', 'CHECK CONSTRAINT', 'DEFAULT', 'RULE', 'POLICY']

export interface Limits {
  readonly place: RehearsalPlace
  readonly real: RealDatabase
  readonly onlySchemas: readonly string[] | null
  readonly steps: readonly Step[]
  readonly rehearsed: readonly RehearsedStep[]
  readonly skipped: ReadonlyMap<string, Phrase>
  readonly rows: readonly GeneratedRows[]
  readonly unprovenChecks: readonly Phrase[]
}

/** What no rehearsal can prove, one sentence each. */
export function limitsOf(limits: Limits): Phrase[] {
  const { place, real, onlySchemas, steps, skipped, rows, unprovenChecks } = limits
  const empty = rows.filter((entry) => entry.reason !== null)
  return [
    ...steps.flatMap(({ id, title }) => {
      const reason = skipped.get(id)
      return reason === undefined ? [] : [phrase`Not rehearsed (${reason}): ${phraseOfTitle(title)}.`]
    }),
    ...(onlySchemas === null
      ? []
      : [
          phrase`Only ${allOf(onlySchemas.map(quoteIdentifier))} could be copied: the role lacks privileges on the other schemas.`,
        ]),
    ...empty.map(({ table, reason }) => phrase`${table} was rehearsed without rows: ${reason ?? ''}.`),
    ...unprovenChecks,
    ...steps
      .filter(({ kind }) => kind === 'add-enum-value')
      .map(({ title }) => phrase`Cannot be rolled back: ${phraseOfTitle(title)}.`),
    ...unseenLocks(limits.rehearsed),
    ...(majorOf(place.serverVersion) === majorOf(real.serverVersion)
      ? []
      : [
          phrase`The rehearsal ran on PostgreSQL ${place.serverVersion}, the database on ${real.serverVersion}: differences between the two versions are not covered.`,
        ]),
    phrase`Run time, lock waits, and whether existing rows violate a constraint: the rehearsal had generated rows and no other sessions.`,
  ]
}

function unseenLocks(rehearsed: readonly RehearsedStep[]): Phrase[] {
  const unseen = rehearsed.flatMap(({ up, down }) => [...up, ...down]).filter(({ locks }) => locks === null).length
  if (unseen === 0) return []
  return [
    unseen === 1
      ? phrase`The locks of 1 statement outside a transaction (CONCURRENTLY): observing them needs a second connection, and so a scratch database.`
      : phrase`The locks of ${unseen} statements outside a transaction (CONCURRENTLY): observing them needs a second connection, and so a scratch database.`,
  ]
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10)
}
