import type { Column, DatabaseModel, ForeignKey, Index, Table } from '../../../server/src/database/model'
import { quoteIdentifier as q, quoteQualified } from '../../../server/src/database/quote'

/** One change to a database, as SQL. */
export type Mutation = (pick: Pick) => string | null

/** Chooses one of the items; null where there are none. */
export type Pick = <Item>(items: readonly Item[]) => Item | null

/** Every kind of single change that can be made to the objects of a database, whatever they are. */
export function mutationsOf(database: DatabaseModel): readonly Mutation[] {
  const tables = database.tables.filter(({ kind }) => kind === 'table')
  const column =
    (change: (table: Table, column: Column) => string | null): Mutation =>
    (pick) =>
      pick(tables.flatMap((table) => table.columns.flatMap((found) => change(table, found) ?? [])))
  const index =
    (change: (table: Table, index: Index) => string | null): Mutation =>
    (pick) =>
      pick(tables.flatMap((table) => table.indexes.flatMap((found) => change(table, found) ?? [])))
  const foreignKey =
    (change: (table: Table, key: ForeignKey) => string): Mutation =>
    (pick) =>
      pick(tables.flatMap((table) => table.foreignKeys.map((found) => change(table, found))))
  const alter = (table: Table, what: string): string =>
    `ALTER TABLE ${quoteQualified(table.schema, table.name)} ${what}`
  return [
    column((table, { name }) => alter(table, `DROP COLUMN ${q(name)} CASCADE`)),
    column((table, { name }) => alter(table, `RENAME COLUMN ${q(name)} TO "renamed"`)),
    column((table, { name, nullable }) =>
      alter(table, `ALTER COLUMN ${q(name)} ${nullable ? 'SET' : 'DROP'} NOT NULL`),
    ),
    column((table, { name, default: value }) =>
      value === null ? null : alter(table, `ALTER COLUMN ${q(name)} DROP DEFAULT`),
    ),
    column((table, { name, typeName, isArray }) =>
      typeName === 'text' && !isArray ? alter(table, `ALTER COLUMN ${q(name)} SET DEFAULT 'changed'`) : null,
    ),
    column((table, { name, typeName, isArray }) =>
      /^int[248]$/.test(typeName) && !isArray ? alter(table, `ALTER COLUMN ${q(name)} SET DEFAULT 12345`) : null,
    ),
    column((table, { name, typeName, isArray }) =>
      isArray
        ? alter(table, `ALTER COLUMN ${q(name)} SET DEFAULT NULL`)
        : typeName === 'bool'
          ? alter(table, `ALTER COLUMN ${q(name)} SET DEFAULT NOT true`)
          : null,
    ),
    column((table, { name }) =>
      alter(table, `ALTER COLUMN ${q(name)} DROP DEFAULT, ALTER COLUMN ${q(name)} TYPE text`),
    ),
    column((table, { name, type }) =>
      type === 'text' ? alter(table, `ALTER COLUMN ${q(name)} TYPE varchar(77)`) : null,
    ),
    column((table, { name, typeName, isArray }) =>
      typeName === 'timestamp' && !isArray ? alter(table, `ALTER COLUMN ${q(name)} TYPE timestamp(1)`) : null,
    ),
    (pick) => pick(tables.map((table) => alter(table, 'ADD COLUMN "added" integer'))),
    (pick) => pick(tables.map((table) => `DROP TABLE ${quoteQualified(table.schema, table.name)} CASCADE`)),
    (pick) => pick(tables.map((table) => alter(table, 'RENAME TO "renamed"'))),
    index((table, found) => (found.primary ? null : `DROP INDEX ${quoteQualified(table.schema, found.name)}`)),
    index((table, found) => `ALTER INDEX ${quoteQualified(table.schema, found.name)} RENAME TO "renamed"`),
    index((table, found) =>
      found.primary || found.columns.length < 2
        ? null
        : `DROP INDEX ${quoteQualified(table.schema, found.name)}; CREATE INDEX ${q(found.name)} ON ${quoteQualified(table.schema, table.name)} (${q(found.columns[0]?.column ?? '')})`,
    ),
    (pick) =>
      pick(
        tables.flatMap((table) =>
          table.primaryKey === null ? [] : [alter(table, `DROP CONSTRAINT ${q(table.primaryKey.name)} CASCADE`)],
        ),
      ),
    foreignKey((table, { name }) => alter(table, `DROP CONSTRAINT ${q(name)}`)),
    foreignKey((table, { name }) => alter(table, `RENAME CONSTRAINT ${q(name)} TO "renamed"`)),
    foreignKey((table, key) => {
      const columns = (names: readonly string[]): string => names.map(q).join(', ')
      const onDelete = key.onDelete === 'CASCADE' ? 'NO ACTION' : 'CASCADE'
      return alter(
        table,
        `DROP CONSTRAINT ${q(key.name)}, ADD CONSTRAINT ${q(key.name)} FOREIGN KEY (${columns(key.columns)}) REFERENCES ` +
          `${quoteQualified(key.referencedSchema, key.referencedTable)} (${columns(key.referencedColumns)}) ` +
          `ON DELETE ${onDelete} ON UPDATE ${key.onUpdate}`,
      )
    }),
    (pick) =>
      pick(database.enums.map(({ schema, name }) => `ALTER TYPE ${quoteQualified(schema, name)} ADD VALUE 'added'`)),
    (pick) =>
      pick(database.enums.map(({ schema, name }) => `ALTER TYPE ${quoteQualified(schema, name)} RENAME TO "renamed"`)),
    (pick) =>
      pick(
        database.enums.map(
          ({ schema, name, values }) =>
            `ALTER TYPE ${quoteQualified(schema, name)} RENAME VALUE '${values[0] ?? ''}' TO 'renamed'`,
        ),
      ),
  ]
}
