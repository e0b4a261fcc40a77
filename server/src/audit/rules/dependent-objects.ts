import { phrase, type Phrase } from '../../text/phrase'
import type { DatabaseIndex } from '../database-index'
import type { ExpectedTable } from '../../expected/model'

/**
 * Says in one sentence that the whole PostgreSQL schema of an object is missing; empty if it exists. A missing schema
 * has no finding of its own: like Prisma's engine, we do not miss one without objects.
 */
export function missingSchema(schemaName: string, index: DatabaseIndex): string | Phrase {
  return index.isMissingSchema(schemaName) ? phrase` There is no schema "${schemaName}" in the database.` : ''
}

/**
 * The keys, indexes and foreign keys of a missing column or table, in one sentence. They have no findings of their own,
 * but a search for one of their names must find them. Empty if there are none.
 */
export function dependentObjects(table: ExpectedTable, column: string | null): string | Phrase {
  const isOn = (columns: readonly string[]): boolean => column === null || columns.includes(column)
  const { primaryKey } = table
  const names = [
    // A table always has a key.
    ...(column !== null && primaryKey !== null && isOn(primaryKey.columns)
      ? [phrase`primary key "${primaryKey.name}"`]
      : []),
    ...table.indexes
      .filter(({ columns }) => isOn(columns.map((each) => each.column)))
      .map(({ name, unique }) => (unique ? phrase`unique index "${name}"` : phrase`index "${name}"`)),
    ...table.foreignKeys.filter(({ columns }) => isOn(columns)).map(({ name }) => phrase`foreign key "${name}"`),
  ]
  return names.length === 0 ? '' : phrase` Also missing: ${names}.`
}
