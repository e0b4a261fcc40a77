import { phrase } from '../../text/phrase'
import type { DatabaseEnum } from '../../database/model'
import type { Range } from '../../schema/model'
import { localFinding, type LocalFinding } from './local-finding'

/** `enum-unmapped`: the database has an enum type that is not in the schema. */
export function enumUnmapped(actual: DatabaseEnum, range: Range): LocalFinding {
  return localFinding({
    code: 'enum-unmapped',
    severity: 'information',
    message: phrase`The enum type "${actual.schema}"."${actual.name}" is not in the schema.`,
    schemaName: actual.schema,
    object: actual.name,
    actual: actual.values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', '),
    range,
  })
}
