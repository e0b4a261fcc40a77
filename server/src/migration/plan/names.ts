import { cutName } from '../../database/quote'

/** Of the CHECK that stands for NOT NULL for a while. Not `_not_null`, which PostgreSQL 18 gives its own constraints. */
export function notNullCheckName(table: string, column: string): string {
  return nameWithSuffix(`${table}_${column}`, '_required')
}

/** `update_<table in lower case>_updated_at`. */
export function triggerName(table: string): string {
  return cutName(`update_${table.toLowerCase()}_updated_at`)
}

/** The suffix is kept; what stands before it is cut as far as PostgreSQL would cut the whole. */
export function nameWithSuffix(stem: string, suffix: string): string {
  const characters = Array.from(stem)
  while (cutName(characters.join('') + suffix) !== characters.join('') + suffix) characters.pop()
  return characters.join('') + suffix
}
