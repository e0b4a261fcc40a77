import { phrase } from '../../text/phrase'
import type { DatabaseIndex } from '../database-index'
import type { ExpectedView } from '../../expected/model'
import { localFinding, type LocalFinding } from './local-finding'
import { missingSchema } from './dependent-objects'

/** `view-missing`: the schema has a view and the database has neither a view nor a table with that name. */
export function viewMissing(expected: ExpectedView, schemaName: string, index: DatabaseIndex): LocalFinding {
  return localFinding({
    code: 'view-missing',
    severity: 'warning',
    message: phrase`The view "${schemaName}"."${expected.name}" for ${expected.block.name.text} is not in the database.${missingSchema(schemaName, index)}`,
    model: expected.block.name.text,
    schemaName,
    table: expected.name,
    expected: `view "${expected.name}"`,
    range: expected.block.name.range,
  })
}
