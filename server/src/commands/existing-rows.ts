import type { DatabaseClient } from '../database/connect'
import { isLockTimeout, isServersAnswer } from '../database/database-errors'
import type { ExistingRows, Warning } from '../migration/model'
import { titleOfQuoted } from '../migration/plan/titles'
import { lineOf } from '../text/safe-text'
import { counted } from '../text/amounts'

/**
 * Describes the values that existing rows get, with one warning per value: how many rows, and which user. Rows that
 * cannot be counted, or not in time, are estimated. Another value is another warning; more rows or tables are not.
 */
export async function describeExistingRows(
  client: DatabaseClient,
  given: readonly ExistingRows[],
): Promise<DescribedRows> {
  const tables = new Map<string, string[]>()
  const counts = new Map<string, number>()
  for (const rows of given) {
    const number = await countOf(client, rows)
    if (number !== null && rows.isNew) counts.set(rows.table, number)
    if (number === 0) continue
    const count = number === null ? estimateOf(rows) : counted(number, 'row')
    const what = `${await whatTheyGet(client, rows)} as ${rows.column}`
    const sentence = JSON.stringify([what, rows.advice])
    tables.set(sentence, [...(tables.get(sentence) ?? []), `${titleOfQuoted(rows.table)} (${count})`])
  }
  const warnings = [...tables].map(([sentence, named]) => {
    const [what, advice] = JSON.parse(sentence) as [string, string | null]
    const more = named.length > MOST ? [`${named.length - MOST} more tables`] : []
    const list = [...named.slice(0, MOST), ...more].join(', ')
    const text = `Existing rows get ${what}: ${list}.${advice === null ? '' : ` ${advice}`}`
    return { code: 'existing-rows' as const, object: what, text }
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

async function whatTheyGet(client: DatabaseClient, { value, user }: ExistingRows): Promise<string> {
  const named = value === null ? null : lineOf(value, LONGEST)
  if (user === null) return named ?? 'nothing'
  const first = await firstRow<{ key: string | null; label: string | null }>(client, user)
  const key = first?.key ?? null
  if (first === null || key === null) return named ?? 'the first user'
  const label = first.label === null || first.label === '' ? '' : ` (${lineOf(first.label, LONGEST)})`
  const who = `the user ${lineOf(key, LONGEST)}${label}`
  return named === null ? who : `${named}, or ${who} if that is not a user`
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

function estimateOf({ estimatedRows }: ExistingRows): string {
  return estimatedRows === null ? 'number unknown' : `about ${counted(estimatedRows, 'row')}`
}

/** Counting more rows takes longer than a person waits for a plan. */
const MOST_COUNTED = 2_000_000
