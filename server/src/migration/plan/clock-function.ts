import type { DatabaseModel } from '../../database/model'
import { quoteIdentifier } from '../../database/quote'
import type { TimestampTarget } from './audit-target'
import { isZoned } from './filling-default'

/** The trigger function that maintains the columns of one name in one schema. */
export interface ClockFunction {
  readonly schema: string
  readonly name: string
  /** The text between the dollar quotes, as in `pg_proc.prosrc`. */
  readonly source: string
  /** Marks it as ours. */
  readonly comment: string
  /** The column, and whether it is a `timestamp with time zone`: source and comment are generated from these. */
  readonly column: string
  readonly isZoned: boolean
  readonly exists: boolean
  /** Whether an earlier name is taken by a function with another body. */
  readonly passedOver: string | null
}

/**
 * The functions for all targets, each with the first of the names `update_updated_at_column`,
 * `update_updated_at_column_2` … that is free or has exactly the required body. Tables of a schema share one if their
 * columns have the same name.
 */
export function chooseClockFunctions(
  targets: readonly TimestampTarget[],
  database: DatabaseModel,
): ReadonlyMap<TimestampTarget, ClockFunction> {
  const chosen = new Map<TimestampTarget, ClockFunction>()
  const taken = new Map(database.triggerFunctions.map((found) => [key(found.schema, found.name), found.source]))
  const existing = new Set(taken.keys())
  for (const target of targets) {
    const zoned = isZoned(target)
    const source = clockSource(target.column, zoned)
    let number = 1
    while (!isFreeOrSame(taken.get(key(target.schema, numberedName(number))), source)) number++
    const name = numberedName(number)
    taken.set(key(target.schema, name), source)
    const exists = existing.has(key(target.schema, name))
    const passedOver = number > 1 && existing.has(key(target.schema, FUNCTION_NAME)) ? FUNCTION_NAME : null
    chosen.set(target, {
      ...clockFunction({ schema: target.schema, name, column: target.column, isZoned: zoned }),
      exists,
      passedOver,
    })
  }
  return chosen
}

/** Identifies the function by its inputs. */
export function clockFunction(
  from: Pick<ClockFunction, 'schema' | 'name' | 'column' | 'isZoned'>,
): Omit<ClockFunction, 'exists' | 'passedOver'> {
  const { column, isZoned: zoned } = from
  return { ...from, source: clockSource(column, zoned), comment: clockComment(column, zoned) }
}

/** Transaction-local; a fill sets it to `on`, because filling a new column does not count as a change. */
export const KEEP_UPDATED_AT = 'prisma_audit.keep_updated_at'

const FUNCTION_NAME = 'update_updated_at_column'

function numberedName(number: number): string {
  return number === 1 ? FUNCTION_NAME : `${FUNCTION_NAME}_${number}`
}

function isFreeOrSame(taken: string | undefined, source: string): boolean {
  return taken === undefined || taken === source
}

/**
 * It does not compare with OLD: json has no equality operator, so the UPDATE would fail. Uses `clock_timestamp()`
 * because `now()` is the start of the transaction. The assignment rounds to the column's own precision.
 */
function clockSource(name: string, zoned: boolean): string {
  const column = `NEW.${quoteIdentifier(name)}`
  const moment = zoned ? 'clock_timestamp()' : `clock_timestamp() AT TIME ZONE 'UTC'`
  return `
BEGIN
  -- Filling a new column is no change that anybody made; whoever does it says so for its own transaction.
  IF TG_OP = 'UPDATE' AND current_setting('${KEEP_UPDATED_AT}', true) = 'on' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' OR ${column} IS NULL THEN
    ${column} := ${moment};
  END IF;
  RETURN NEW;
END
`
}

function clockComment(column: string, zoned: boolean): string {
  const kind = zoned ? 'the time' : 'the time in UTC'
  return `Made by Prisma Audit: writes ${kind} into ${quoteIdentifier(column)} whenever a row changes.`
}

function key(schema: string, name: string): string {
  return JSON.stringify([schema, name])
}
