import { fixedPhrase, phrase } from '../../text/phrase'
import type { Table } from '../../database/model'
import type { DatabaseIndex } from '../database-index'
import type { ExpectedTable } from '../../expected/model'
import { renameAdvice, type Former } from '../matching/likely-renames'
import { tableFinding, type LocalFinding } from './local-finding'
import { nameOf } from './table-rule'
import { missingSchema, dependentObjects } from './dependent-objects'

/**
 * `table-missing`: the schema has a model, or a relation that needs a join table, and the database has no such table. A
 * view or a foreign table instead works for Prisma Client, but `prisma migrate` would create the table: information.
 */
export function tableMissing(
  table: ExpectedTable,
  schemaName: string,
  substitute: Table | undefined,
  index: DatabaseIndex,
  former: Former | null | undefined,
): LocalFinding {
  return tableFinding(
    { table, schemaName },
    {
      code: 'table-missing',
      severity: substitute === undefined ? 'warning' : 'information',
      message:
        substitute === undefined
          ? phrase`The table "${schemaName}"."${table.name}" for ${nameOf(table)} is not in the database.${missingSchema(schemaName, index)}${dependentObjects(table, null)}${renameAdvice(former, schemaName)}`
          : phrase`The table "${schemaName}"."${table.name}" for ${nameOf(table)} is a ${fixedPhrase(substitute.kind)} in the database.`,
      expected: `table "${table.name}"`,
      actual: substitute === undefined ? null : `${substitute.kind} "${table.name}"`,
    },
  )
}
