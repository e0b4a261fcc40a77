import type { DatabaseClient } from '../../../database/connect'
import { quoteIdentifier, quoteQualified } from '../../../database/quote'
import {
  tryWrites,
  type ServersWords,
  type TriedWrites,
  type Write,
  type WriteOutcome,
  type WrittenTable,
} from '../../../verification/writes/probe-writes'
import type { Step } from '../../model'
import { STEP_KINDS } from '../../step-kinds'
import { inPlainEnglish, phrase, type Phrase } from '../../../text/phrase'
import { applicationWritesFail, fillWouldFail, ruleOnFilledTable } from './errors'

/** The results of the application's writes, table by table. */
export interface WritesReport {
  /** The number of tables that accept every tested write. */
  readonly proven: number
  /** `INSERT into "public"."Lead": the table has no row …` */
  readonly notProven: readonly string[]
}

/** By the table's quoted name. */
export type WritesBefore = ReadonlyMap<string, Readonly<Partial<Record<Write, WriteOutcome['is']>>>>

/**
 * Tests the application's writes before anything is changed, so that failures with other causes are not attributed to
 * the run. Rejects if an UPDATE fails on a table that a step fills, or a rule rewrites it, because that step would fail
 * too.
 */
export async function tryWritesBefore(
  client: DatabaseClient,
  steps: readonly Step[],
  lookupSchema: string,
): Promise<WritesBefore> {
  await requireNoRules(client, steps)
  const before = await tryTables(client, writtenTables(steps, lookupSchema))
  for (const step of steps) {
    const update = step.kind === 'populate' ? before.get(nameOf(step))?.UPDATE : undefined
    if (update?.is === 'fails') throw fillWouldFail(nameOf(step), update.said.message)
  }
  return new Map(
    [...before].map(([table, tried]) => [
      table,
      Object.fromEntries(entriesOf(tried).map(([write, { is }]) => [write, is])),
    ]),
  )
}

async function requireNoRules(client: DatabaseClient, steps: readonly Step[]): Promise<void> {
  const filled = steps.filter(({ kind }) => kind === 'populate' || kind === 'put-back').map(nameOf)
  if (filled.length === 0) return
  const { rows } = await client.query<{ table: string; rule: string }>(
    `SELECT t.name AS "table", r.rulename AS rule FROM pg_catalog.unnest($1::pg_catalog.text[]) AS t (name)
     JOIN pg_catalog.pg_rewrite AS r ON r.ev_class = pg_catalog.to_regclass(t.name)
     WHERE r.ev_type = '2' AND r.ev_enabled <> 'D' ORDER BY t.name, r.rulename`,
    [[...new Set(filled)]],
  )
  const [rule] = rows
  if (rule !== undefined) throw ruleOnFilledTable(rule.table, rule.rule)
}

/** Stored, so that a continued run knows it too. */
export async function recordWritesBefore(
  client: DatabaseClient,
  runId: string,
  before: WritesBefore | null,
): Promise<void> {
  const rows = [...(before ?? [])].flatMap(([table, writes]) =>
    Object.entries(writes).map(([write, outcome]) => ({ table, write, outcome })),
  )
  await client.query(
    `INSERT INTO prisma_audit.write (run_id, table_name, write, outcome)
     SELECT $1, w."table", w.write, w.outcome
     FROM pg_catalog.json_to_recordset($2) AS w ("table" pg_catalog.text, write pg_catalog.text, outcome pg_catalog.text)
     ON CONFLICT DO NOTHING`,
    [runId, JSON.stringify(rows)],
  )
}

/** Null if the run did not store it. */
export async function readWritesBefore(client: DatabaseClient, runId: string): Promise<WritesBefore | null> {
  const { rows } = await client.query<{ table: string; write: string; outcome: string }>(
    'SELECT table_name AS "table", write, outcome FROM prisma_audit.write WHERE run_id = $1',
    [runId],
  )
  if (rows.length === 0) return null
  const before = new Map<string, Record<string, WriteOutcome['is']>>()
  for (const { table, write, outcome } of rows) {
    const is = (['works', 'fails', 'not tried'] as const).find((known) => known === outcome) ?? 'not tried'
    before.set(table, { ...before.get(table), [write]: is })
  }
  return before
}

/**
 * Tests the writes of the current application on the steps' tables: rejects if a write fails that worked before. A
 * write that could not be tested before is attributed to the steps if the server's message names an object that they
 * created. `before` is null if the run continues an interrupted one that did not store its results: then every failure
 * counts.
 */
export async function requireWrites(
  client: DatabaseClient,
  steps: readonly Step[],
  lookupSchema: string,
  before: WritesBefore | null,
): Promise<WritesReport> {
  const failures: Phrase[] = []
  const notProven: string[] = []
  let proven = 0
  for (const [table, after] of await tryTables(client, writtenTables(steps, lookupSchema))) {
    const made = madeBy(steps)
    if (entriesOf(after).length === 0) continue
    const why = onlyReason(after)
    if (why !== null) {
      notProven.push(`${table}: ${why}`)
      continue
    }
    const doubts = entriesOf(after).flatMap(([write, outcome]) => {
      if (outcome.is === 'works') return []
      const written = WRITTEN[write](table)
      const what = inPlainEnglish(written)
      if (outcome.is === 'not tried') return [`${what}: ${outcome.why}`]
      const earlier = before?.get(table)?.[write]
      if (before === null || earlier === 'works' || (earlier !== 'fails' && made(outcome.said))) {
        failures.push(phrase`${written}: ${outcome.said.message}`)
      }
      const since = earlier === 'fails' ? 'as it did before the migration' : 'whether it did before is not known'
      return [`${what}: it fails, ${since}: ${outcome.said.message}`]
    })
    if (doubts.length === 0) proven++
    notProven.push(...doubts)
  }
  if (failures.length > 0) throw applicationWritesFail(failures)
  return { proven, notProven }
}

/** Existing tables that the steps change; a partition is written through its table. */
export function writtenTables(steps: readonly Step[], lookupSchema: string): WrittenTable[] {
  const created = new Set(steps.filter(({ kind }) => kind === 'create-table').map(nameOf))
  const changed = steps.filter((step) => STEP_KINDS[step.kind].changesWrites === true && !created.has(nameOf(step)))
  const tables = new Map(changed.map((step) => [nameOf(step), step]))
  return [...tables].map(([name, { schema, table }]) => {
    const own = steps.filter((step) => nameOf(step) === name)
    const required = new Set(own.map(({ insertMustName }) => insertMustName))
    const added = own.flatMap(({ kind, object }) => (kind === 'add-column' && object !== null ? [object] : []))
    return { schema, table, unnamed: added.filter((column) => !required.has(column)), lookupSchema }
  })
}

async function tryTables(client: DatabaseClient, tables: readonly WrittenTable[]): Promise<Map<string, TriedWrites>> {
  const tried = new Map<string, TriedWrites>()
  for (const table of tables) tried.set(nameOf(table), await tryWrites(client, table))
  return tried
}

/** If no write could be tested, for the same reason, the reason is reported once. */
function onlyReason(tried: TriedWrites): string | null {
  const reasons = entriesOf(tried).map(([, outcome]) => (outcome.is === 'not tried' ? outcome.why : null))
  const [first = null] = reasons
  return reasons.every((reason) => reason === first) ? first : null
}

/** Whether the server's message names an object that a step created. */
function madeBy(steps: readonly Step[]): (said: ServersWords) => boolean {
  const objects = new Set(steps.flatMap(({ object }) => object ?? []))
  return ({ column, constraint, message, where }) =>
    objects.has(column) ||
    objects.has(constraint) ||
    [...objects].some((object) => message.includes(quoteIdentifier(object)) || where.includes(`${object}()`))
}

function entriesOf(tried: TriedWrites): [Write, WriteOutcome][] {
  return Object.entries(tried) as [Write, WriteOutcome][]
}

function nameOf({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return quoteQualified(schema, table)
}

const WRITTEN: Readonly<Record<Write, (table: string) => Phrase>> = {
  INSERT: (table) => phrase`INSERT into ${table}`,
  UPDATE: (table) => phrase`UPDATE of ${table}`,
  'UPDATE that changes a value': (table) => phrase`UPDATE that changes a value in ${table}`,
  DELETE: (table) => phrase`DELETE from ${table}`,
}
