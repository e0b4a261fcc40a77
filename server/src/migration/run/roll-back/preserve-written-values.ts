import { phrase } from '../../../text/phrase'
import type { DatabaseClient } from '../../../database/connect'
import { isServersAnswer } from '../../../database/database-errors'
import { quoteIdentifier, quoteQualified } from '../../../database/quote'
import { nextBatchSize } from '../execution/batch-size'
import { titleOfColumn } from '../../plan/titles'
import type { OwnWork } from '../preconditions/accepted-by-event-triggers'
import { valuesCannotBePreserved } from './errors'
import { inTransaction } from '../execution/execution'
import type { JournalRun, JournalStep } from '../journal/journal'
import { retryLocked, type RetryOptions } from '../execution/retry'
import {
  beginPreserving,
  columnsBeingPreserved,
  copyPage,
  hasWrittenValues,
  settlePreserved,
  type ColumnToPreserve,
} from '../preserved/preserve-column'
import { findColumnBeingPreserved, type PreservedColumn } from '../preserved/preserved-columns'
import { createPreservedTables, mayPreserveValues } from '../preserved/preserved-tables'
import { readHolders } from '../preserved/fills-of-column'
import type { TableName } from '../../model'
import { EXACT_TEXT, readRowKeys, type ColumnName, type RowKeys } from '../preserved/row-key'

export interface PreserveOptions {
  readonly lockTimeout: number
  readonly retry: RetryOptions
  /** Called before and while the column is copied. */
  readonly report: (rowsDone: number) => void
}

/**
 * The existing columns that undoing these steps would drop, each with what the journal recorded about who wrote its
 * values.
 */
export async function findColumnsToPreserve(
  client: DatabaseClient,
  entries: readonly JournalStep[],
  runs: readonly JournalRun[],
): Promise<ColumnToPreserve[]> {
  // Columns of `--drift` are handled differently: one with values is not dropped unless the user agrees.
  const dropped = entries.flatMap(({ step: { kind, schema, table, object, holdsData } }) =>
    kind === 'add-column' && object !== null && holdsData === undefined ? [{ schema, table, column: object }] : [],
  )
  const existing = await findExisting(client, dropped)
  const holders = await readHolders(client, existing)
  const { fills, additions } = writersByColumn(runs)
  return existing.map((column) => {
    const fillers = [...(holders.get(nameOf(column)) ?? [])].flatMap(
      (name) => fills.get(`${name} ${column.column}`) ?? [],
    )
    const added = additions.get(`${nameOf(column)} ${column.column}`) ?? []
    return {
      ...column,
      nulls: writtenNulls(fillers.map(({ entry }) => entry)),
      filled: [...new Set(added.flatMap(({ entry }) => entry.filled))],
      fillers: fillers.map(({ runId, entry: { position } }) => ({ runId, position })),
    }
  })
}

interface Writer {
  readonly runId: string
  readonly entry: JournalStep
}

/** By the quoted table and the column. A run of thousands of columns is searched once, not once for each of them. */
function writersByColumn(runs: readonly JournalRun[]): Record<'fills' | 'additions', ReadonlyMap<string, Writer[]>> {
  const fills = new Map<string, Writer[]>()
  const additions = new Map<string, Writer[]>()
  for (const { id: runId, steps } of runs) {
    for (const entry of steps) {
      const { kind, batch, object } = entry.step
      const [writers, column] = kind === 'populate' ? [fills, batch?.column] : [additions, object]
      if ((kind !== 'populate' && kind !== 'add-column') || column === undefined || column === null) continue
      const name = `${nameOf(entry.step)} ${column}`
      writers.set(name, [...(writers.get(name) ?? []), { runId, entry }])
    }
  }
  return { fills, additions }
}

/**
 * A completed fill leaves no NULL if the journal recorded the values that it wrote (`filled`), because none of them is
 * NULL.
 */
function writtenNulls(fillers: readonly JournalStep[]): ColumnToPreserve['nulls'] {
  const isComplete = fillers.every(({ state }) => state === 'done' || state === 'already there')
  if (fillers.length === 0 || !isComplete) return 'unknown'
  const isNeverNull = fillers.every(({ state, filled }) => state === 'already there' || filled.length > 0)
  return isNeverNull ? 'every' : 'of others'
}

/** The keys by which values can be preserved; none if the role may not create the tables. */
export async function keysToPreserve(client: DatabaseClient, tables: readonly TableName[]): Promise<RowKeys> {
  return (await mayPreserveValues(client)) ? await readRowKeys(client, tables) : new Map()
}

/** Rejects if values would be lost: rows are indistinguishable, or the role may not create the tables. */
export async function requirePreservable(
  client: DatabaseClient,
  columns: readonly ColumnToPreserve[],
  keys: RowKeys,
): Promise<void> {
  const lost: string[] = []
  for (const column of columns) {
    if (keys.has(nameOf(column))) continue
    if (await hasWrittenValues(client, column)) {
      lost.push(`${quoteIdentifier(column.column)} in ${quoteQualified(column.schema, column.table)}`)
    }
  }
  if (lost.length > 0) throw valuesCannotBePreserved(lost)
}

/**
 * The number of rows without a value in a column that a run had filled, if NULLs are not preserved: the fill was
 * interrupted, or rows are indistinguishable. Omits counts that take too long.
 */
export async function countEmptied(
  client: DatabaseClient,
  columns: readonly ColumnToPreserve[],
  keys: RowKeys,
): Promise<(ColumnName & { readonly count: number })[]> {
  const counts: (ColumnName & { readonly count: number })[] = []
  for (const { schema, table, column, fillers, nulls } of columns) {
    if (fillers.length === 0) continue
    if (nulls !== 'unknown' && keys.has(nameOf({ schema, table }))) continue
    const count = async () => {
      const { rows } = await client.query<{ count: number }>(
        `SELECT pg_catalog.count(*)::pg_catalog.float8 AS count FROM ${quoteQualified(schema, table)} WHERE ${quoteIdentifier(column)} IS NULL`,
      )
      return rows[0]?.count ?? 0
    }
    try {
      const found = await inTransaction(client, { lock_timeout: '2s', statement_timeout: '10s' }, count)
      if (found > 0) counts.push({ schema, table, column, count: found })
    } catch (error) {
      if (!isServersAnswer(error)) throw error
    }
  }
  return counts
}

/**
 * Copies what the application has written into the column to a side table while it continues to write; new writes are
 * captured until the column is dropped. Continues an interrupted rollback where it stopped.
 */
export async function preserveWrittenValues(
  client: DatabaseClient,
  column: ColumnToPreserve,
  options: PreserveOptions,
): Promise<void> {
  const find = () => findColumnBeingPreserved(client, column)
  const key = (await keysToPreserve(client, [column])).get(nameOf(column))
  if (key === undefined) return
  options.report(0)
  const settings = { lock_timeout: `${options.lockTimeout}ms`, statement_timeout: '60s' }
  const begin = () => inTransaction(client, settings, () => beginPreserving(client, column, key))
  if ((await find()) === undefined) await retryLocked(options.retry, begin)
  // An interrupted rollback of an older version has no table for NULLs.
  else await inTransaction(client, settings, () => createPreservedTables(client))
  let rowsDone = 0
  let size = FIRST_PAGE
  for (let preserved = await find(); preserved?.state === 'copying' && !preserved.isCopied; preserved = await find()) {
    options.retry.signal?.throwIfAborted()
    const start = performance.now()
    rowsDone += await copyNext(client, preserved, { column, size }, options)
    options.report(rowsDone)
    size = nextBatchSize(size, performance.now() - start, FIRST_PAGE)
  }
}

/** The statements that capture the columns, to be tried first: see `requireAcceptedByEventTriggers`. */
export function captureWork(columns: readonly ColumnToPreserve[], keys: RowKeys): OwnWork[] {
  return columns.flatMap((column) => {
    const key = keys.get(nameOf(column))
    if (key === undefined) return []
    const title = phrase`Preserve the values written to ${titleOfColumn(column)}`
    return [{ title, work: (trial: DatabaseClient) => beginPreserving(trial, column, key) }]
  })
}

/** After the columns are dropped: reduces the side table to one value per row. */
export async function settlePreservedValues(client: DatabaseClient): Promise<void> {
  const dropped = (await columnsBeingPreserved(client)).filter(({ state }) => state === 'dropped')
  if (dropped.length === 0) return
  const settings = { lock_timeout: '2s' }
  await inTransaction(client, settings, () => createPreservedTables(client))
  for (const preserved of dropped) await inTransaction(client, settings, () => settlePreserved(client, preserved))
  // Restoring joins them with their table, and the planner should know their number.
  await inTransaction(client, settings, () =>
    client.query('ANALYZE prisma_audit_kept.kept_value, prisma_audit_kept.kept_null'),
  )
}

async function copyNext(
  client: DatabaseClient,
  preserved: PreservedColumn,
  { column, size }: { readonly column: ColumnToPreserve; readonly size: number },
  { retry }: PreserveOptions,
): Promise<number> {
  const copy = () => copyPage(client, preserved, column, size)
  return await retryLocked(retry, () => inTransaction(client, COPY_SETTINGS, copy))
}

function nameOf({ schema, table }: TableName): string {
  return quoteQualified(schema, table)
}

async function findExisting(client: DatabaseClient, columns: readonly ColumnName[]): Promise<ColumnName[]> {
  const { rows } = await client.query<{ position: number }>(
    `WITH wanted AS MATERIALIZED (
       SELECT w."column", w.position::int, to_regclass(w.name)::oid AS relation
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w (name, "column", position)
     )
     SELECT w.position FROM wanted AS w
     JOIN pg_attribute AS a ON a.attrelid = w.relation AND a.attname = w."column" AND a.attnum > 0 AND NOT a.attisdropped`,
    [columns.map(nameOf), columns.map(({ column }) => column)],
  )
  const found = new Set(rows.map(({ position }) => position - 1))
  return columns.filter((_, index) => found.has(index))
}

/** Rows. Pages only read, so they may be larger than the batches that lock rows. */
const FIRST_PAGE = 4000

const COPY_SETTINGS = {
  lock_timeout: '2s',
  statement_timeout: '5min',
  synchronous_commit: 'off',
  ...EXACT_TEXT,
}
