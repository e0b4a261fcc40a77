import { phrase } from '../../text/phrase'
import type { DatabaseIndex } from '../database-index'
import type { ExpectedEnum } from '../../expected/model'
import { renameAdvice, type Former } from '../matching/likely-renames'
import { quoteName } from '../values/names'
import { localFinding, type LocalFinding } from './local-finding'
import { missingSchema } from './dependent-objects'

/** `enum-missing`: the schema has an enum and the database has no such type. */
export function enumMissing(
  expected: ExpectedEnum,
  schemaName: string,
  index: DatabaseIndex,
  former: Former | null | undefined,
): LocalFinding {
  return localFinding({
    code: 'enum-missing',
    severity: 'warning',
    message: phrase`The enum type "${schemaName}"."${expected.name}" for ${expected.block.name.text} is not in the database.${missingSchema(schemaName, index)}${renameAdvice(former, schemaName)}`,
    schemaName,
    object: expected.name,
    expected: `enum ${quoteName(expected.name)} (${expected.values.map(({ name }) => `'${name}'`).join(', ')})`,
    range: expected.block.name.range,
  })
}
