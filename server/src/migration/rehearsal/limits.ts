import { quoteIdentifier, quoteLiteral } from '../../database/quote'
import type { CheckResult } from '../../verification/model'
import type { Step } from '../model'
import type { MadeUpRows, RehearsalFailure, RehearsalPlace, RehearsedStep } from './model'
import type { RealDatabase } from './survey'

export interface JudgedChecks {
  readonly failures: readonly RehearsalFailure[]
  /** Checks that show nothing here, each with the reason. */
  readonly unproven: readonly string[]
}

/** A check that failed counts, unless it is about a table of which steps were not rehearsed. */
export function judgeChecks(
  results: readonly CheckResult[],
  steps: readonly Step[],
  skipped: ReadonlyMap<string, string>,
): JudgedChecks {
  const tables = [...new Set(steps.filter(({ id }) => skipped.has(id)).map(({ table }) => table))]
  const failures: RehearsalFailure[] = []
  const unproven: string[] = []
  for (const { check, outcome, found } of results) {
    if (outcome === 'pass') continue
    const isOfSkipped = tables.some((table) => mentions(check.sql, table))
    if (outcome === 'skipped') unproven.push(`${check.title}: ${found}.`)
    else if (isOfSkipped) unproven.push(`${check.title}: steps of that table were not rehearsed.`)
    else {
      const message = `${check.title}: expected ${check.expected}, found ${found}.`
      failures.push({ kind: 'check', pass: 'up', stepId: null, message, sql: check.sql })
    }
  }
  return { failures, unproven }
}

function mentions(sql: string, table: string): boolean {
  return sql.includes(quoteIdentifier(table)) || sql.includes(quoteLiteral(table))
}

export interface Limits {
  readonly place: RehearsalPlace
  readonly real: RealDatabase
  readonly onlySchemas: readonly string[] | null
  readonly steps: readonly Step[]
  readonly rehearsed: readonly RehearsedStep[]
  readonly skipped: ReadonlyMap<string, string>
  readonly rows: readonly MadeUpRows[]
  readonly unprovenChecks: readonly string[]
}

/** What a rehearsal does not prove, whatever it found, each a sentence. */
export function limitsOf(limits: Limits): string[] {
  const { place, real, onlySchemas, steps, skipped, rows, unprovenChecks } = limits
  const empty = rows.filter((entry) => entry.reason !== null)
  return [
    ...steps.flatMap(({ id, title }) => {
      const reason = skipped.get(id)
      return reason === undefined ? [] : [`Not rehearsed, since ${reason}: ${title}.`]
    }),
    ...(onlySchemas === null
      ? []
      : [`Only ${onlySchemas.map(quoteIdentifier).join(' and ')} could be copied: the role may not read the rest.`]),
    ...empty.map(({ table, reason }) => `${table} was rehearsed with no rows: ${reason ?? ''}.`),
    ...unprovenChecks,
    ...unseenLocks(limits.rehearsed),
    ...(majorOf(place.serverVersion) === majorOf(real.serverVersion)
      ? []
      : [
          `It ran on PostgreSQL ${place.serverVersion}, and the database is ${real.serverVersion}: what the two do differently shows only there.`,
        ]),
    'How long each step takes on the real rows, and whether one of them stands in the way: the rows were made up, and nobody else was there.',
  ]
}

function unseenLocks(rehearsed: readonly RehearsedStep[]): string[] {
  const unseen = rehearsed.flatMap(({ up, down }) => [...up, ...down]).filter(({ locks }) => locks === null).length
  if (unseen === 0) return []
  const what = unseen === 1 ? 'one statement' : `${unseen} statements`
  return [
    `The locks of ${what} outside a transaction (CONCURRENTLY): only a second connection could see them, which a scratch database has.`,
  ]
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10)
}
