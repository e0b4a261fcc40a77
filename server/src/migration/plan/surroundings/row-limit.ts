import type { RowSize } from '../../../database/model-surroundings'
import { grouped } from '../../../text/amounts'
import type { Step } from '../../model'
import type { ChangedTable } from './changed-table'

/**
 * Why no row of a table can be written while the plan runs, or after it; null if that is not certain. Only what is
 * stored in the row itself counts, so long texts do not.
 */
export function whyRowTooLong({ around, label, steps }: ChangedTable): string | null {
  const { rowSize } = around
  if (rowSize === null || addedBy(steps).length === 0) return null
  const bytes = Math.max(bytesWhileFilled(rowSize, steps), bytesAfterwards(rowSize, steps))
  if (bytes <= rowSize.limit) return null
  return (
    `A row of ${label} would take at least ${grouped(bytes)} bytes with the new columns, and PostgreSQL allows ${grouped(rowSize.limit)}, ` +
    `so none could be written. ${NEXT_STEP}, or remove the model from the policy.`
  )
}

/** How long a row can become with the new columns, where it is too long for PostgreSQL; null where none is. */
export function mayBeTooLong({ around, label, steps }: ChangedTable): string | null {
  const { rowSize } = around
  const added = addedBy(steps)
  if (rowSize === null || added.length === 0) return null
  const { columns, hasNull, mayHaveNull, most, limit } = rowSize
  const hasBitmap = hasNull || mayHaveNull || added.some((step) => !isFilled(step, steps))
  const bytes = aligned(headerBytes(columns + added.length, hasBitmap) + most + sumOf(added))
  if (bytes <= limit) return null
  return (
    `A row of ${label} can take ${grouped(bytes)} bytes with the new columns, and PostgreSQL allows ${grouped(limit)}. A row whose columns ` +
    `nearly all have a value can then not be written (row is too big). ${NEXT_STEP} first.`
  )
}

const NEXT_STEP = 'Move some of its columns to another table'

/** When the first column is filled, the others that were added without a value are NULL. 0 if none is filled. */
function bytesWhileFilled(row: RowSize, steps: readonly Step[]): number {
  const index = steps.findIndex(({ kind }) => kind === 'populate')
  const added = addedBy(steps.slice(0, Math.max(index, 0)))
  const filled = added.filter((step) => hasValueAtOnce(step) || steps[index]?.id === idOf('populate', step))
  return filled.length === added.length ? 0 : bytesWithNull(row, added, filled)
}

/** Either a row has a NULL, and a bit for each column, or a value in each column. */
function bytesAfterwards(row: RowSize, steps: readonly Step[]): number {
  const added = addedBy(steps)
  const filled = added.filter((step) => isFilled(step, steps))
  const withNull = bytesWithNull(row, added, filled)
  if (row.hasNull) return withNull
  return Math.min(withNull, aligned(headerBytes(row.columns + added.length, false) + row.least + sumOf(added)))
}

function bytesWithNull(row: RowSize, added: readonly Step[], filled: readonly Step[]): number {
  return aligned(headerBytes(row.columns + added.length, true) + row.required + sumOf(filled))
}

function addedBy(steps: readonly Step[]): Step[] {
  return steps.filter(({ kind }) => kind === 'add-column')
}

function isFilled(step: Step, steps: readonly Step[]): boolean {
  const ids = [idOf('populate', step), idOf('set-not-null', step)]
  return hasValueAtOnce(step) || steps.some(({ id }) => ids.includes(id))
}

function hasValueAtOnce({ addsDefault, insertMustName }: Step): boolean {
  return addsDefault === true || insertMustName !== undefined
}

function idOf(kind: 'populate' | 'set-not-null', { schema, table, object }: Step): string {
  return `${kind}:${schema}.${table}.${object ?? ''}`
}

/** `SizeofHeapTupleHeader`, and a bit for each column. */
function headerBytes(columns: number, hasBitmap: boolean): number {
  return aligned(23 + (hasBitmap ? Math.ceil(columns / 8) : 0))
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}

function sumOf(added: readonly Step[]): number {
  return added.reduce((sum, { columnType = '' }) => sum + bytesOf(columnType), 0)
}

/** At least. */
function bytesOf(type: string): number {
  const [, name = ''] = /^([a-z\d ]+?) *(?:\(\d+\))?(?: with(?:out)? time zone)?$/.exec(type.toLowerCase()) ?? []
  return BYTES_OF_TYPES[name] ?? 1
}

const BYTES_OF_TYPES: Readonly<Record<string, number>> = {
  smallint: 2,
  integer: 4,
  real: 4,
  date: 4,
  bigint: 8,
  'double precision': 8,
  timestamp: 8,
  timestamptz: 8,
  uuid: 16,
}
