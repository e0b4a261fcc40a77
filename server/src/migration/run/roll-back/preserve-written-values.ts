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
import { isColumn, type PreservedColumn } from '../preserved/preserved-columns'
import { createPreservedTables, mayPreserveValues } from '../preserved/preserved-tables'
import { isFillOf, readHolders } from '../preserved/fills-of-column'
import { EXACT_TEXT, readRowKey, type ColumnName } from '../preserved/row-key'

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
  const found: ColumnToPreserve[] = []
  for (const { step } of entries) {
    // Columns of `--drift` are handled differently: one with values is not dropped unless the user agrees.
    if (step.kind !== 'add-column' || step.object === null || step.holdsData !== undefined) continue
    const column = { schema: step.schema, table: step.table, column: step.object }
    if (!(await columnExists(client, column))) continue
    const holders = await readHolders(client, column)
    const writers = runs.flatMap((run) => run.steps.map((entry) => ({ runId: run.id, entry })))
    const fillers = writers.filter(({ entry }) => isFillOf(entry.step, column, holders))
    const additions = writers.filter(({ entry }) => adds(entry, column))
    found.push({
      ...column,
      nulls: writtenNulls(fillers.map(({ entry }) => entry)),
      filled: [...new Set(additions.flatMap(({ entry }) => entry.filled))],
      fillers: fillers.map(({ runId, entry: { position } }) => ({ runId, position })),
    })
  }
  return found
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

/** Rejects if values would be lost: rows are indistinguishable, or the role may not create the tables. */
export async function requirePreservable(client: DatabaseClient, columns: readonly ColumnToPreserve[]): Promise<void> {
  const lost: string[] = []
  const mayPreserve = await mayPreserveValues(client)
  for (const column of columns) {
    if (mayPreserve && (await readRowKey(client, column)) !== null) continue
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
): Promise<(ColumnName & { readonly count: number })[]> {
  const counts: (ColumnName & { readonly count: number })[] = []
  const mayPreserve = await mayPreserveValues(client)
  for (const { schema, table, column, fillers, nulls } of columns) {
    if (fillers.length === 0) continue
    if (nulls !== 'unknown' && mayPreserve && (await readRowKey(client, { schema, table })) !== null) continue
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
  const find = async () => (await columnsBeingPreserved(client)).find((preserved) => isColumn(preserved, column))
  const key = await readRowKey(client, column)
  if (key === null || !(await mayPreserveValues(client))) return
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
export async function captureWork(client: DatabaseClient, columns: readonly ColumnToPreserve[]): Promise<OwnWork[]> {
  if (!(await mayPreserveValues(client))) return []
  const works: OwnWork[] = []
  for (const column of columns) {
    const key = await readRowKey(client, column)
    if (key === null) continue
    const title = `Preserve the values written to ${titleOfColumn(column)}`
    works.push({ title, work: (trial) => beginPreserving(trial, column, key) })
  }
  return works
}

/** After the columns are dropped: reduces the side table to one value per row. */
export async function settlePreservedValues(client: DatabaseClient): Promise<void> {
  for (const preserved of await columnsBeingPreserved(client)) {
    if (preserved.state !== 'dropped') continue
    await inTransaction(client, { lock_timeout: '2s' }, async () => {
      await createPreservedTables(client)
      await settlePreserved(client, preserved)
    })
  }
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

function adds({ step }: JournalStep, { schema, table, column }: ColumnName): boolean {
  return step.kind === 'add-column' && step.schema === schema && step.table === table && step.object === column
}

async function columnExists(client: DatabaseClient, { schema, table, column }: ColumnName): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (
       SELECT FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2 AND attnum > 0 AND NOT attisdropped
     ) AS found`,
    [quoteQualified(schema, table), column],
  )
  return rows[0]?.found === true
}

/** Rows. Pages only read, so they may be larger than the batches that lock rows. */
const FIRST_PAGE = 4000

const COPY_SETTINGS = {
  lock_timeout: '2s',
  statement_timeout: '5min',
  synchronous_commit: 'off',
  ...EXACT_TEXT,
}
