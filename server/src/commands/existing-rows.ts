import type { DatabaseClient } from '../database/connect'
import { isLockTimeout, isServersAnswer } from '../database/database-errors'
import type { ExistingRows, Warning } from '../migration/model'
import { titleOfQuoted } from '../migration/plan/titles'
import { lineOf } from '../text/safe-text'
import { inPlainEnglish, phrase, type Phrase } from '../text/phrase'

/**
 * Describes the values that existing rows get, with one warning per value: how many rows, and which user. Rows that
 * cannot be counted, or not in time, are estimated. Another value is another warning; more rows or tables are not.
 */
export async function describeExistingRows(
  client: DatabaseClient,
  given: readonly ExistingRows[],
): Promise<DescribedRows> {
  const tables = new Map<string, { what: Phrase; advice: Phrase | null; named: Phrase[] }>()
  const counts = new Map<string, number>()
  for (const rows of given) {
    const number = await countOf(client, rows)
    if (number !== null && rows.isNew) counts.set(rows.table, number)
    if (number === 0) continue
    const count = number === null ? estimateOf(rows) : countedRows(number)
    const what = phrase`${await whatTheyGet(client, rows)} as ${rows.column}`
    const { advice } = rows
    const sentence = JSON.stringify([what, advice])
    const same = tables.get(sentence) ?? { what, advice, named: [] }
    tables.set(sentence, same)
    same.named.push(phrase`${titleOfQuoted(rows.table)} (${count})`)
  }
  const warnings = [...tables.values()].map(({ what, advice, named }) => {
    const more = named.length > MOST ? [phrase`${named.length - MOST} more tables`] : []
    const list = [...named.slice(0, MOST), ...more]
    const text =
      advice === null
        ? phrase`Existing rows get ${what}: ${list}.`
        : phrase`Existing rows get ${what}: ${list}. ${advice}`
    return { code: 'existing-rows' as const, object: inPlainEnglish(what), text }
  })
  return { warnings, counts }
}

export interface DescribedRows {
  readonly warnings: readonly Warning[]
  /** All rows of the tables that get a new column and were counted, by quoted name. */
  readonly counts: ReadonlyMap<string, number>
}

/** The number of tables listed in one sentence. */
const MOST = 20

async function whatTheyGet(client: DatabaseClient, { value, user }: ExistingRows): Promise<string | Phrase> {
  const named = typeof value === 'string' ? lineOf(value, LONGEST) : value
  if (user === null) return named ?? phrase`nothing`
  const first = await firstRow<{ key: string | null; label: string | null }>(client, user)
  const key = first?.key ?? null
  if (first === null || key === null) return named ?? phrase`the first user`
  const shown = lineOf(key, LONGEST)
  const label = lineOf(first.label ?? '', LONGEST)
  const who = label === '' ? phrase`the user ${shown}` : phrase`the user ${shown} (${label})`
  return named === null ? who : phrase`${named}, or ${who} if that is not a user`
}

/** Also null if the server does not answer the query (too slow, not permitted). */
async function firstRow<Row extends object>(client: DatabaseClient, sql: string): Promise<Row | null> {
  try {
    return (await client.query<Row>(sql)).rows[0] ?? null
  } catch (error) {
    if (isServersAnswer(error) && !isLockTimeout(error)) return null
    throw error
  }
}

/** Length of a name or an expression, in characters. */
const LONGEST = 200

/** Null if they were not counted. */
async function countOf(
  client: DatabaseClient,
  { table, column, isNew, estimatedRows }: ExistingRows,
): Promise<number | null> {
  if (estimatedRows !== null && estimatedRows > MOST_COUNTED) return null
  const missing = isNew ? '' : ` WHERE ${column} IS NULL`
  const answer = await firstRow<{ count: string }>(
    client,
    `SELECT pg_catalog.count(*)::pg_catalog.text AS "count" FROM ${table}${missing}`,
  )
  return answer === null ? null : Number(answer.count)
}

function estimateOf({ estimatedRows }: ExistingRows): Phrase {
  return estimatedRows === null ? phrase`number unknown` : phrase`about ${countedRows(estimatedRows)}`
}

export function countedRows(count: number): Phrase {
  return Math.round(count) === 1 ? phrase`1 row` : phrase`${count} rows`
}

/** Counting more rows takes longer than a person waits for a plan. */
const MOST_COUNTED = 2_000_000
