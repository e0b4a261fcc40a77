import type { TimestampTarget } from './audit-target'

/** The column's default during the migration: the time in UTC, in the column's timestamp type. */
export function fillingDefault(target: TimestampTarget): string {
  return fillingDefaultOf(isZoned(target))
}

export function fillingDefaultOf(zoned: boolean): string {
  return zoned ? 'pg_catalog.now()' : `(pg_catalog.now() AT TIME ZONE 'UTC')`
}

/** The same as printed by `pg_get_expr`, on the supported servers. */
export function fillingDefaultInCatalog(target: TimestampTarget): readonly string[] {
  return isZoned(target) ? ['now()'] : [`(now() AT TIME ZONE 'UTC'::text)`, `timezone('UTC'::text, now())`]
}

/** Whether it is a `timestamp with time zone`, which does not depend on the session's time zone. */
export function isZoned(target: TimestampTarget): boolean {
  return target.type.catalog.endsWith('with time zone')
}
