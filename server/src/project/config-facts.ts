import type { ExternalNames } from '../audit/database-index'
import { findPrismaConfig, readPrismaConfig } from '../schema/connection/prisma-config'

export interface ConfigFacts {
  readonly external: ExternalNames
  readonly prisma8File: string | null
}

/** What `prisma.config.*` contains besides the URL, as far as static reading shows. */
export function readConfigFacts(place: Parameters<typeof findPrismaConfig>[0]): ConfigFacts {
  const config = findPrismaConfig(place)
  if (config === null) return { external: { tables: [], enums: [] }, prisma8File: null }
  const { externalTables, externalEnums, isOfPrisma8 } = readPrismaConfig(config)
  const external = { tables: externalTables, enums: externalEnums }
  return { external, prisma8File: isOfPrisma8 ? config.path : null }
}
