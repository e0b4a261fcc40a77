import type { TimestampTarget } from './audit-target'

/** What the column's default is while the migration runs: the time in UTC, in the column's kind of timestamp. */
export function fillingDefault(target: TimestampTarget): string {
  return fillingDefaultOf(isZoned(target))
}

export function fillingDefaultOf(zoned: boolean): string {
  return zoned ? 'pg_catalog.now()' : `(pg_catalog.now() AT TIME ZONE 'UTC')`
}

/** The same as `pg_get_expr` spells it, on the servers that we support. */
export function fillingDefaultInCatalog(target: TimestampTarget): readonly string[] {
  return isZoned(target) ? ['now()'] : [`(now() AT TIME ZONE 'UTC'::text)`, `timezone('UTC'::text, now())`]
}

/** Is it a `timestamp with time zone`, which is a moment whatever the session's time zone? */
export function isZoned(target: TimestampTarget): boolean {
  return target.type.catalog.endsWith('with time zone')
}
