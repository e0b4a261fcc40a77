import type { RowSize, StoredColumn } from '../../../database/model-surroundings'
import { phrase, type Phrase } from '../../../text/phrase'
import type { Step } from '../../model'
import type { ChangedTable } from './changed-table'

/**
 * Why no row of a table can be written while the plan runs, or after it; null if that is not certain. Only what is
 * stored in the row itself counts, so long texts do not.
 */
export function whyRowTooLong({ around, label, steps }: ChangedTable): Phrase | null {
  const { rowSize } = around
  if (rowSize === null || addedBy(steps).length === 0) return null
  const bytes = Math.max(bytesWhileFilled(rowSize, steps), bytesAfterwards(rowSize, steps))
  if (bytes <= rowSize.limit) return null
  return phrase`A row of ${label} would take at least ${bytes} bytes with the new columns, and PostgreSQL allows ${rowSize.limit}, so none could be written. ${NEXT_STEP}, or remove the model from the policy.`
}

/** How long a row can become with the new columns, where it is too long for PostgreSQL; null where none is. */
export function mayBeTooLong({ around, label, steps }: ChangedTable): Phrase | null {
  const { rowSize } = around
  const added = addedBy(steps)
  if (rowSize === null || added.length === 0) return null
  const { limit } = rowSize
  const bytes = mostBytes(
    rowSize,
    added.map((step) => ({ ...storedColumn(step), isRequired: isFilled(step, steps) })),
  )
  if (bytes <= limit) return null
  return phrase`A row of ${label} can take ${bytes} bytes with the new columns, and PostgreSQL allows ${limit}. A row whose columns nearly all have a value can then not be written (row is too big). ${NEXT_STEP} first.`
}

const NEXT_STEP = phrase`Move some of its columns to another table`

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
  return Math.min(withNull, headerBytes(row.columns + added.length, false) + aligned(leastOf(row, row.stored, added)))
}

function bytesWithNull(row: RowSize, added: readonly Step[], filled: readonly Step[]): number {
  const required = row.stored.filter(({ isRequired }) => isRequired)
  return headerBytes(row.columns + added.length, true) + aligned(leastOf(row, required, filled))
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

/** A shorter value never makes the row longer, so the least of each column is the least of the row. */
function leastOf({ hasOneOrder }: RowSize, columns: readonly StoredColumn[], added: readonly Step[]): number {
  return [...columns, ...added.map(storedColumn)].reduce(
    (end, { least, alignment, isPacked }) => aligned(end, isPacked || !hasOneOrder ? 1 : alignment) + least,
    0,
  )
}

/** One NULL takes less than a value, but with it the row has a bit for each column, which may take more. */
function mostBytes({ columns, hasNull, stored, hasOneOrder }: RowSize, added: readonly StoredColumn[]): number {
  const all = [...stored, ...added]
  const bytesWithout = (omitted: number | null) =>
    headerBytes(columns + added.length, hasNull || omitted !== null) +
    aligned(
      all.reduce(
        (end, { most, alignment }, index) =>
          index === omitted ? end : (hasOneOrder ? aligned(end, alignment) : end + alignment - 1) + most,
        0,
      ),
    )
  const nullable = all.flatMap(({ isRequired }, index) => (isRequired || hasNull ? [] : [index]))
  return Math.max(bytesWithout(null), ...nullable.map(bytesWithout))
}

function aligned(bytes: number, alignment = 8): number {
  return Math.ceil(bytes / alignment) * alignment
}

function storedColumn({ columnType = '' }: Step): StoredColumn {
  const [, name = ''] = /^([a-z\d ]+?) *(?:\(\d+\))?(?: with(?:out)? time zone)?$/.exec(columnType.toLowerCase()) ?? []
  const [bytes, alignment] = FIXED[name] ?? []
  return bytes === undefined || alignment === undefined
    ? { least: 1, most: 24, alignment: 4, isPacked: true, isRequired: false }
    : { least: bytes, most: bytes, alignment, isPacked: false, isRequired: false }
}

/** `typlen` and the bytes of `typalign`. */
const FIXED: Readonly<Record<string, readonly [bytes: number, alignment: number]>> = {
  smallint: [2, 2],
  integer: [4, 4],
  real: [4, 4],
  date: [4, 4],
  bigint: [8, 8],
  'double precision': [8, 8],
  timestamp: [8, 8],
  timestamptz: [8, 8],
  uuid: [16, 1],
}
