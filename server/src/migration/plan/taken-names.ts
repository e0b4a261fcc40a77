import type { DatabaseModel, Table } from '../../database/model'
import { nameWithSuffix } from '../../expected/names'

/**
 * Existing and planned names in each schema, to which the planner adds. Tables, views, indexes and sequences share one
 * namespace.
 */
export type TakenNames = (schemaName: string) => Set<string>

export function takenNamesOf(database: DatabaseModel): TakenNames {
  const found = new Map<string, Set<string>>()
  return (schemaName) => {
    const taken = found.get(schemaName) ?? namesIn(database, schemaName)
    found.set(schemaName, taken)
    return taken
  }
}

/** Constraints of every kind share one namespace per table. */
export function constraintNamesOf(table: Table): Set<string> {
  const { primaryKey, uniqueConstraints, exclusionConstraints, foreignKeys, checks } = table
  const named = [...uniqueConstraints, ...exclusionConstraints, ...foreignKeys, ...checks]
  return new Set([...(primaryKey === null ? [] : [primaryKey]), ...named].map(({ name }) => name))
}

/** `wanted`, or the first of `<base>_idx1`, `<base>_idx2` … that is free. */
export function firstFreeIndexName(wanted: string, base: string, taken: ReadonlySet<string>): string {
  let name = wanted
  for (let number = 1; taken.has(name); number++) name = nameWithSuffix(base, `_idx${number}`)
  return name
}

function namesIn(database: DatabaseModel, schemaName: string): Set<string> {
  const tables = database.tables.filter((table) => table.schema === schemaName)
  const sequences = database.sequences.filter((sequence) => sequence.schema === schemaName)
  return new Set([...tables, ...tables.flatMap((table) => table.indexes), ...sequences].map(({ name }) => name))
}
