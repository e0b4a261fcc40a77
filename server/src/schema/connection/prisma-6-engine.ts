import { datasourceSettingsOf } from '../lookup'
import type { SchemaModel } from '../model'

/**
 * Where Prisma 6 takes the database from if there is a configuration: its `datasource` only if `engine` is `classic`,
 * otherwise an `adapter` (`engine: 'js'`, and any up to 6.17), otherwise the schema. Only Prisma 6 has engines, and
 * only Prisma 7 accepts a schema without a URL: for that, null.
 */
export function datasourceOfPrisma6(given: {
  readonly engine: string | null
  readonly hasAdapter: boolean
  readonly schema: SchemaModel
}): 'configuration' | 'adapter' | 'schema' | null {
  if (datasourceSettingsOf(given.schema).url === null) return null
  if (given.engine === 'classic') return 'configuration'
  return given.hasAdapter ? 'adapter' : 'schema'
}
