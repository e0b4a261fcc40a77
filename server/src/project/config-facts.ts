import type { ExternalNames } from '../audit/database-index'
import { findPrismaConfig, readPrismaConfig } from '../schema/connection/prisma-config'

/** What `prisma.config.*` contains besides the URL, as far as static reading shows. Read once, until `forget`. */
export class ConfigFacts {
  private facts: Facts | null = null

  constructor(private readonly place: Parameters<typeof findPrismaConfig>[0]) {}

  /** Objects that it excludes from Prisma Migrate. */
  get external(): ExternalNames {
    return this.known.external
  }

  /** Its path if it is a configuration of Prisma 8; otherwise null. */
  get prisma8File(): string | null {
    return this.known.prisma8File
  }

  /** It may have changed. */
  forget(): void {
    this.facts = null
  }

  private get known(): Facts {
    this.facts ??= readFacts(this.place)
    return this.facts
  }
}

interface Facts {
  readonly external: ExternalNames
  readonly prisma8File: string | null
}

function readFacts(place: Parameters<typeof findPrismaConfig>[0]): Facts {
  const config = findPrismaConfig(place)
  if (config === null) return { external: { tables: [], enums: [] }, prisma8File: null }
  const { externalTables, externalEnums, isOfPrisma8 } = readPrismaConfig(config)
  const external = { tables: externalTables, enums: externalEnums }
  return { external, prisma8File: isOfPrisma8 ? config.path : null }
}
