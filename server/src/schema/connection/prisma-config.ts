import path from 'node:path'
import { foldersUpward } from './folders'
import type * as StaticValues from './static-values'

/** What `prisma.config.*` says that matters here, as far as it shows without running the file. */
export interface PrismaConfig {
  readonly url: StaticValues.StaticText | null
  readonly directUrl: StaticValues.StaticText | null
  /** As written: from the config's folder. */
  readonly schema: string | null
  readonly migrationsPath: string | null
  /** `tables.external` and `enums.external`: what Prisma Migrate leaves alone, `schema.table`. */
  readonly externalTables: readonly string[]
  readonly externalEnums: readonly string[]
}

export interface ConfigFile {
  readonly path: string
  readonly text: string
}

/** The nearest configuration of Prisma, from the schema's folder up to the root. */
export function findPrismaConfig(search: {
  readonly schemaPath: string
  readonly root: string
  readonly readTextFile: (file: string) => string | null
}): ConfigFile | null {
  for (const folder of foldersUpward(search.schemaPath, search.root)) {
    for (const name of CONFIG_NAMES) {
      const file = path.join(folder, name)
      const text = search.readTextFile(file)
      if (text !== null) return { path: file, text }
    }
  }
  return null
}

const EXTENSIONS = ['ts', 'js', 'mjs', 'cjs', 'mts', 'cts']

/** In the order in which Prisma looks for them. */
const CONFIG_NAMES = ['prisma.config', 'prisma7.config', path.join('.config', 'prisma')].flatMap((name) =>
  EXTENSIONS.map((extension) => `${name}.${extension}`),
)

/** Reads a configuration without running it. `variables` gives the values of environment variables. Never throws. */
export function readPrismaConfig(
  file: ConfigFile,
  variables: (name: string) => string | undefined = () => undefined,
): PrismaConfig {
  // Loaded with the first configuration: a parser of TypeScript is large, and most projects have none.
  const { readConfigObject } = require('./static-values') as typeof StaticValues
  const config = readConfigObject(file.text, { folder: path.dirname(file.path), variables })
  return {
    url: config.text('datasource', 'url'),
    directUrl: config.text('datasource', 'directUrl'),
    schema: textOf(config.text('schema')),
    migrationsPath: textOf(config.text('migrations', 'path')),
    externalTables: config.texts('tables', 'external'),
    externalEnums: config.texts('enums', 'external'),
  }
}

function textOf(text: StaticValues.StaticText | null): string | null {
  return text?.kind === 'text' ? text.value : null
}
