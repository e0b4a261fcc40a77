import { phrase, type Phrase } from '../../text/phrase'
import type { DatabaseIndex } from '../database-index'
import type { ExpectedTable } from '../../expected/model'

/**
 * Why something is missing, where its whole PostgreSQL schema is, in one sentence; empty elsewhere. Nothing else is told of
 * a schema that is not there: one that holds nothing is missed by nobody, Prisma's engine included.
 */
export function missingSchema(schemaName: string, index: DatabaseIndex): string | Phrase {
  return index.isMissingSchema(schemaName) ? phrase` There is no schema "${schemaName}" in the database.` : ''
}

/**
 * What the schema puts on a column that is missing, or on a table, in one sentence: keys, indexes and foreign keys. They
 * have no findings of their own, but a search for one of their names must find them. Empty if there are none.
 */
export function dependentObjects(table: ExpectedTable, column: string | null): string | Phrase {
  const isOn = (columns: readonly string[]): boolean => column === null || columns.includes(column)
  const { primaryKey } = table
  const names = [
    // That a table has a key goes without saying.
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
