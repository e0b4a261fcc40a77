import type { ExpectedTable } from '../expected/model'

/**
 * What the schema puts on a column that is missing, or on a table, in one sentence: keys, indexes and foreign keys. They
 * have no findings of their own, but whoever looks for one of them by its name is to find it. Empty for none.
 */
export function whatFollows(table: ExpectedTable, column: string | null): string {
  const isOn = (columns: readonly string[]): boolean => column === null || columns.includes(column)
  const { primaryKey } = table
  const names = [
    // That a table has a key goes without saying.
    ...(column !== null && primaryKey !== null && isOn(primaryKey.columns) ? [`primary key "${primaryKey.name}"`] : []),
    ...table.indexes
      .filter(({ columns }) => isOn(columns.map((each) => each.column)))
      .map(({ name, unique }) => `${unique ? 'unique index' : 'index'} "${name}"`),
    ...table.foreignKeys.filter(({ columns }) => isOn(columns)).map(({ name }) => `foreign key "${name}"`),
  ]
  return names.length === 0 ? '' : ` With it go: ${names.join(', ')}.`
}
