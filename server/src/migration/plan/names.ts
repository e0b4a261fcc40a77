import { nameWithSuffix } from '../../expected/names'

/** Of the temporary CHECK for NOT NULL. Not `_not_null`, the suffix of PostgreSQL 18's own constraints. */
export function notNullCheckName(table: string, column: string): string {
  return nameWithSuffix(`${table}_${column}`, '_required')
}

/** The name itself, or the first of `…_2`, `…_3` that no other trigger has. */
export function freeTriggerName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted
  for (let number = 2; taken.has(name); number++) name = nameWithSuffix(wanted, `_${number}`)
  return name
}

/**
 * `<Table>_<column>_seq` as PostgreSQL names it for a serial column (`makeObjectName`): the longer of the two is cut
 * until it fits.
 */
export function sequenceName(table: string, column: string, suffix: string): string {
  const parts = [Array.from(table), Array.from(column)]
  const bytes = (part: readonly string[] | undefined) => new TextEncoder().encode(part?.join('')).length
  const room = 63 - new TextEncoder().encode(suffix).length - 1
  while (bytes(parts[0]) + bytes(parts[1]) > room) parts[bytes(parts[0]) > bytes(parts[1]) ? 0 : 1]?.pop()
  return `${parts.map((part) => part.join('')).join('_')}${suffix}`
}
