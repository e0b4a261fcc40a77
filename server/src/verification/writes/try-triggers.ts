import type { DatabaseClient } from '../../database/connect'
import { isServersAnswer } from '../../database/database-errors'
import type { DatabaseModel, Table, TriedTrigger } from '../../database/model'
import { quoteIdentifier, quoteQualified } from '../../database/quote'
import { textOf } from '../../database/text-of-values'
import { searchPathStatement } from '../../database/search-path'
import { whyWritesMayActOutside } from './may-act-outside'
import { AT_PLACE, PLACE, type RowPlace } from './row-to-write'
import type { UndecidedTrigger } from '../model'
import { anotherValue } from './sample-values'
import { readTableShape, type ShapeColumn, type TableShape } from './table-shape'

/**
 * Tests each of the triggers with UPDATEs that are rolled back: one per column, for a few rows, with another value, and
 * one that sets the column itself to a wrong time, as in the verification. Returns the model with the results
 * (`Trigger.tried`); without a result it is unchanged. Rejects only if the connection is lost.
 */
export async function tryTriggers(
  client: DatabaseClient,
  database: DatabaseModel,
  undecided: readonly UndecidedTrigger[],
): Promise<DatabaseModel> {
  let { tables } = database
  for (const one of undecided) {
    const tried = await tryTrigger(client, one, database.defaultSchema)
    if (tried !== null) tables = tables.map((table) => withTried(table, one, tried))
  }
  return { ...database, tables }
}

function withTried(table: Table, { schema, table: name, trigger }: UndecidedTrigger, tried: TriedTrigger): Table {
  if (table.schema !== schema || table.name !== name) return table
  return { ...table, triggers: table.triggers.map((one) => (one.name === trigger ? { ...one, tried } : one)) }
}

async function tryTrigger(
  client: DatabaseClient,
  { schema, table, column }: UndecidedTrigger,
  lookupSchema: string,
): Promise<TriedTrigger | null> {
  try {
    const shape = await readTableShape(client, { schema, table })
    if (shape === null || shape.hasRules || (await whyWritesMayActOutside(client, { schema, table })) !== null)
      return null
    const seen = await updateRows(client, quoteQualified(schema, table), shape, column, lookupSchema)
    return judge(column, seen)
  } catch (error) {
    if (!isServersAnswer(error)) throw error
    return null
  }
}

/** The effect of one UPDATE on the column. */
interface Seen {
  /** The changed column. */
  readonly changed: string
  readonly isSet: boolean
  readonly isClockInUtc: boolean
}

async function updateRows(
  client: DatabaseClient,
  name: string,
  shape: TableShape,
  column: string,
  lookupSchema: string,
): Promise<Seen[]> {
  const refers = new Set(shape.foreignKeys.flatMap(({ columns }) => columns))
  const primary = new Set(shape.keys[0]?.columns ?? [])
  const changeable = shape.columns.filter(
    (one) =>
      one.name !== column &&
      ![one.isGenerated, one.isIdentity, one.isPartitionKey, refers.has(one.name), primary.has(one.name)].includes(
        true,
      ) &&
      anotherValue(one, 'x') !== null,
  )
  const kept = shape.columns.find((one) => one.name === column)
  if (kept === undefined || changeable.length === 0) return []
  const texts = changeable.map((one) => textOf(quoteIdentifier(one.name), one.type))
  const { rows } = await client.query<RowPlace & { readonly texts: readonly (string | null)[] }>(
    `SELECT ${PLACE}, ARRAY[${texts.join(', ')}]::pg_catalog.text[] AS "texts" FROM ${name} LIMIT ${ROWS}`,
  )
  const seen: Seen[] = []
  for (const { table, tuple, texts } of rows) {
    for (const [index, one] of changeable.entries()) {
      const value = anotherValue(one, texts[index] ?? null)
      if (value === null || seen.length >= UPDATES) continue
      const sql = updateOf(name, kept, one)
      const answer = await updateOnce(client, sql, [table, tuple, value], lookupSchema)
      if (answer !== null) seen.push({ changed: one.name, ...answer })
    }
    const own = await updateOnce(client, updateOf(name, kept, kept), [table, tuple, WRONG_TIME], lookupSchema)
    seen.push({ changed: column, isSet: false, isClockInUtc: true, ...own })
  }
  return seen
}

/** As text, so that it fits any date or time type. */
const WRONG_TIME = '2001-01-01'

/** Sets the one column to `$3`, and returns the effect on the other. */
function updateOf(name: string, kept: ShapeColumn, changed: ShapeColumn): string {
  const column = quoteIdentifier(kept.name)
  const clock =
    kept.base === 'timestamptz' ? 'pg_catalog.clock_timestamp()' : `(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC')`
  const near = ['timestamp', 'timestamptz'].includes(kept.base)
    ? `coalesce(pg_catalog.abs(pg_catalog.date_part('epoch', new.moment OPERATOR(pg_catalog.-) ${clock})) OPERATOR(pg_catalog.<) 60, false)`
    : 'true'
  const former = changed === kept ? `$3::${kept.type}::pg_catalog.text` : 'before.moment::pg_catalog.text'
  return [
    'WITH before AS MATERIALIZED (',
    `  SELECT ${column} AS moment FROM ${name} WHERE ${AT_PLACE}`,
    '), new AS (',
    `  UPDATE ${name} SET ${quoteIdentifier(changed.name)} = $3::${changed.type} WHERE ${AT_PLACE} RETURNING ${column} AS moment`,
    ')',
    `SELECT new.moment::pg_catalog.text IS DISTINCT FROM ${former} AS "isSet", ${near} AS "isClockInUtc" FROM new CROSS JOIN before`,
  ].join('\n')
}

/**
 * In its own transaction that is rolled back, so that the row is locked only briefly; null if the value is rejected,
 * another session is writing the row, or nothing was updated.
 */
async function updateOnce(
  client: DatabaseClient,
  sql: string,
  values: readonly string[],
  lookupSchema: string,
): Promise<Omit<Seen, 'changed'> | null> {
  // Not in UTC, so that a trigger that writes local time is detected.
  await client.query(
    `BEGIN; SET LOCAL lock_timeout = '500ms'; SET LOCAL statement_timeout = '10s'; SET LOCAL row_security = off;
     SET LOCAL TIME ZONE 'America/New_York'; ${searchPathStatement('SET LOCAL', lookupSchema)}`,
  )
  try {
    const { rows } = await client.query<Omit<Seen, 'changed'>>(sql, [...values])
    return rows[0] ?? null
  } catch (error) {
    if (!isServersAnswer(error)) throw error
    return null
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
  }
}

function judge(column: string, seen: readonly Seen[]): TriedTrigger | null {
  if (seen.length === 0) return null
  const without = [...new Set(seen.filter(({ isSet }) => !isSet).map(({ changed }) => changed))]
  const isSetSomewhere = seen.some(({ isSet }) => isSet)
  return {
    column,
    effect: without.length === 0 ? 'sets' : isSetSomewhere ? 'unknown' : 'other',
    isClockInUtc: seen.every(({ isSet, isClockInUtc }) => !isSet || isClockInUtc),
    // That it leaves a wrong time proves little if it does not react to other changes either.
    without: !isSetSomewhere ? [] : without.length > 1 ? without.filter((changed) => changed !== column) : without,
  }
}

const ROWS = 2

const UPDATES = 200
