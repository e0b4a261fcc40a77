import type { TimestampPolicy } from '../../audit-fields/kind'
import type { Column } from '../../database/model'
import { quoteIdentifier } from '../../database/quote'
import type { TimestampPopulating, TimestampTarget } from './audit-target'
import { createdAtOf } from './created-at'
import type { FieldContext } from './field-context'
import { fillingDefaultOf } from './filling-default'

/**
 * The time for existing rows, as the policy chooses; null for that of the migration, which costs nothing, or for none.
 * Also null for a model that has no time of its own.
 */
export function existingTimes(
  { actual, expected }: FieldContext,
  populate: NonNullable<TimestampPolicy['populate']>,
  type: TimestampTarget['type'],
): TimestampPopulating | null {
  if (actual === null || populate === 'now' || populate === 'none') return null
  if (typeof populate === 'object') return { value: `(${populate.sql}\n)`, sql: populate.sql, column: null }
  const column = createdAtOf(expected.block, actual)
  if (column === null) return null
  const isZoned = type.catalog.endsWith('with time zone')
  return {
    value: `(COALESCE(${asTimeOf(column, isZoned)}, ${fillingDefaultOf(isZoned)}))`,
    sql: null,
    column: column.name,
  }
}

/** A `timestamp` is in UTC, as Prisma writes it, regardless of the session's time zone. */
function asTimeOf(column: Column, isZoned: boolean): string {
  const name = quoteIdentifier(column.name)
  const isTime = column.type.startsWith('timestamp')
  const hasZone = column.type.endsWith('with time zone')
  const time = isTime ? name : `${name}::pg_catalog.timestamp`
  return (isTime && hasZone) === isZoned ? time : `(${time} AT TIME ZONE 'UTC')`
}
