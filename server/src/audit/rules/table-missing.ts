import type { Table } from '../../database/model'
import type { DatabaseIndex } from '../database-index'
import type { ExpectedTable } from '../expected/model'
import { tableFinding, type LocalFinding } from './local-finding'
import { nameOf } from './table-rule'
import { missingSchema, whatFollows } from './what-follows'

/**
 * `table-missing`: the schema has a model, or a relation that needs a join table, and the database has no such table. A
 * view in its place serves Prisma Client, but not `prisma migrate`, which would create the table: that is information.
 */
export function tableMissing(
  table: ExpectedTable,
  schemaName: string,
  view: Table | undefined,
  index: DatabaseIndex,
): LocalFinding {
  const found = view === undefined ? 'is not in the database' : `is a ${view.kind} in the database`
  return tableFinding(
    { table, schemaName },
    {
      code: 'table-missing',
      severity: view === undefined ? 'warning' : 'information',
      message: `The table "${schemaName}"."${table.name}" of ${nameOf(table)} ${found}.${view === undefined ? missingSchema(schemaName, index) + whatFollows(table, null) : ''}`,
      expected: `table "${table.name}"`,
      actual: view === undefined ? null : `${view.kind} "${table.name}"`,
    },
  )
}
