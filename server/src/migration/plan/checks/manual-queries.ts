import { quoteLiteral } from '../../../database/quote'
import type { AuditTarget, TimestampTarget } from '../audit-target'
import type { Check } from '../../../verification/model'

/** The columns of one table, queried as a person would; `targets` are all of that table. */
export function columnsQuery(targets: readonly [AuditTarget, ...AuditTarget[]]): Check {
  const [{ schema, table }] = targets
  const types = targets.map((target) => target.type?.dataType ?? null)
  // The printed form of a user-defined type depends on how it was created, so only names are compared.
  const withTypes = types.every((type) => type !== null)
  const wanted = targets.map((target, index) => (withTypes ? `${target.column} ${types[index] ?? ''}` : target.column))
  return {
    title: `${table} has ${targets.map((target) => target.column).join(' and ')}`,
    sql: [
      `SELECT coalesce(pg_catalog.string_agg(${withTypes ? `column_name || ' ' || data_type` : 'column_name'}, ', ' ORDER BY column_name COLLATE "C"), 'none') AS "found"`,
      'FROM information_schema.columns',
      `WHERE table_schema = ${quoteLiteral(schema)} AND table_name = ${quoteLiteral(table)}`,
      `  AND column_name IN (${targets.map((target) => quoteLiteral(target.column)).join(', ')})`,
    ].join('\n'),
    expected: wanted.sort(byBytes).join(', '),
    mode: 'read',
  }
}

/** The events of the trigger, queried as a person would. */
export function triggerQuery(target: TimestampTarget, name: string, events: readonly string[]): Check {
  return {
    title: `${target.table} has the trigger ${name}`,
    sql: [
      `SELECT coalesce(pg_catalog.string_agg(event_manipulation, ', ' ORDER BY event_manipulation COLLATE "C"), 'none') AS "found"`,
      'FROM information_schema.triggers',
      `WHERE event_object_schema = ${quoteLiteral(target.schema)} AND event_object_table = ${quoteLiteral(target.table)}`,
      `  AND trigger_name = ${quoteLiteral(name)}`,
    ].join('\n'),
    expected: [...events].sort(byBytes).join(', '),
    mode: 'read',
  }
}

/** The indexes of one table, queried as a person would. */
export function indexesQuery(schema: string, table: string, names: readonly string[]): Check {
  return {
    title: names.length === 1 ? `${table} has the expected index` : `${table} has the expected indexes`,
    sql: [
      `SELECT coalesce(pg_catalog.string_agg(indexname, ', ' ORDER BY indexname COLLATE "C"), 'none') AS "found"`,
      'FROM pg_catalog.pg_indexes',
      `WHERE schemaname = ${quoteLiteral(schema)} AND tablename = ${quoteLiteral(table)}`,
      `  AND indexname IN (${names.map(quoteLiteral).join(', ')})`,
    ].join('\n'),
    expected: [...names].sort(byBytes).join(', '),
    mode: 'read',
  }
}

/** The order of the collation "C" in a UTF-8 database, which is that of code points. */
function byBytes(a: string, b: string): number {
  const left = Array.from(a)
  const right = Array.from(b)
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
