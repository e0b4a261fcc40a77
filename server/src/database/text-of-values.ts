/**
 * The text of a value. The owner of a type may define a cast, which would run with our privileges, and so would the
 * checks of a domain; the functions that write and read a type are PostgreSQL's or an extension's.
 *
 * @param type as printed by `format_type` with only `pg_catalog` in the search path, or quoted
 */
export function textOf(value: string, type: string, cast = 'pg_catalog.text'): string {
  if (isOwnOfPostgres(type)) return `${value}::${cast}`
  return `CASE WHEN pg_catalog.num_nulls(${value}) OPERATOR(pg_catalog.=) 0 THEN pg_catalog.format('%s', ${value}) END`
}

/** The value of a text: the reverse of `textOf`. `type` is not a domain. */
export function valueOf(text: string, type: string): string {
  if (isOwnOfPostgres(type)) return `${text}::${type}`
  return `(SELECT v.v FROM pg_catalog.json_to_record(pg_catalog.json_build_object('v', ${text})) AS v (v ${type}))`
}

/** Only other types are printed with their schema. */
function isOwnOfPostgres(type: string): boolean {
  return !type.includes('.')
}
