import { quoteIdentifier, quoteLiteral } from '../../database/quote'
import type { CheckResult } from '../../verification/model'
import type { Step } from '../model'
import type { GeneratedRows, NotLoaded, RehearsalFailure, RehearsalPlace, RehearsedStep } from './model'
import type { RealDatabase } from './survey'
import { counted } from '../../text/amounts'

export interface JudgedChecks {
  readonly failures: readonly RehearsalFailure[]
  /** Checks that prove nothing here, each with the reason. */
  readonly unproven: readonly string[]
}

/**
 * A failed check counts unless it is about a table with steps that were not rehearsed or parts that could not be loaded
 * (a trigger whose function belongs to an extension).
 */
export function judgeChecks(
  results: readonly CheckResult[],
  steps: readonly Step[],
  { skipped, notLoaded }: { readonly skipped: ReadonlyMap<string, string>; readonly notLoaded: readonly NotLoaded[] },
): JudgedChecks {
  const tables = [...new Set(steps.filter(({ id }) => skipped.has(id)).map(({ table }) => table))]
  const failures: RehearsalFailure[] = []
  const unproven: string[] = []
  for (const { check, outcome, found } of results) {
    if (outcome === 'pass') continue
    const lacking = notLoaded.find((object) => belongsTo(object, steps, check.sql))
    const isOfSkipped = tables.some((table) => mentions(check.sql, table))
    if (outcome === 'skipped') unproven.push(`${check.title}: ${found}.`)
    else if (isOfSkipped) unproven.push(`${check.title}: steps of that table were not rehearsed.`)
    else if (lacking !== undefined) unproven.push(`${check.title}: ${lacking.name} could not be loaded.`)
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
  readonly skipped: ReadonlyMap<string, string>
  readonly rows: readonly GeneratedRows[]
  readonly unprovenChecks: readonly string[]
}

/** What no rehearsal can prove, one sentence each. */
export function limitsOf(limits: Limits): string[] {
  const { place, real, onlySchemas, steps, skipped, rows, unprovenChecks } = limits
  const empty = rows.filter((entry) => entry.reason !== null)
  return [
    ...steps.flatMap(({ id, title }) => {
      const reason = skipped.get(id)
      return reason === undefined ? [] : [`Not rehearsed (${reason}): ${title}.`]
    }),
    ...(onlySchemas === null
      ? []
      : [
          `Only ${onlySchemas.map(quoteIdentifier).join(' and ')} could be copied: the role lacks privileges on the other schemas.`,
        ]),
    ...empty.map(({ table, reason }) => `${table} was rehearsed without rows: ${reason ?? ''}.`),
    ...unprovenChecks,
    ...steps.filter(({ kind }) => kind === 'add-enum-value').map(({ title }) => `Cannot be rolled back: ${title}.`),
    ...unseenLocks(limits.rehearsed),
    ...(majorOf(place.serverVersion) === majorOf(real.serverVersion)
      ? []
      : [
          `The rehearsal ran on PostgreSQL ${place.serverVersion}, the database on ${real.serverVersion}: differences between the two versions are not covered.`,
        ]),
    'Run time, lock waits, and whether existing rows violate a constraint: the rehearsal had generated rows and no other sessions.',
  ]
}

function unseenLocks(rehearsed: readonly RehearsedStep[]): string[] {
  const unseen = rehearsed.flatMap(({ up, down }) => [...up, ...down]).filter(({ locks }) => locks === null).length
  if (unseen === 0) return []
  return [
    `The locks of ${counted(unseen, 'statement')} outside a transaction (CONCURRENTLY): observing them needs a second connection, and so a scratch database.`,
  ]
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10)
}
