import path from 'node:path'
import { foldersUpward } from './folders'
import type * as StaticValues from './static-values'

/** The relevant contents of `prisma.config.*`, as far as static reading shows. */
export interface PrismaConfig {
  /** False if only running the file shows its environment and its URL. */
  readonly isCertain: boolean
  readonly isOfPrisma8: boolean
  /** Whether it loads `.env` of its working folder. */
  readonly loadsEnvironmentFile: boolean
  readonly url: StaticValues.StaticText | null
  /** Prisma 6: without `classic`, it ignores `datasource`. Prisma 7 has no engines. */
  readonly engine: StaticValues.StaticText | null
  /** Prisma 6: whether code of the configuration connects to the database. */
  readonly hasAdapter: boolean
  readonly directUrl: StaticValues.StaticText | null
  /** As written: relative to the config's folder. */
  readonly schema: string | null
  /** Whether its schema is only known when the file runs. */
  readonly hidesSchema: boolean
  readonly migrationsPath: string | null
  /** Whether `migrations.path` is only known when the file runs. */
  readonly hidesMigrationsPath: boolean
  /** `tables.external` and `enums.external`: objects that Prisma Migrate ignores, `schema.table`. */
  readonly externalTables: readonly string[]
  readonly externalEnums: readonly string[]
}

export interface ConfigFile {
  readonly path: string
  /** The working folder of Prisma when it finds this file: relative names are resolved there, such as `.env`. */
  readonly workingFolder: string
  readonly text: string
}

interface ConfigSearch {
  readonly schemaPath: string
  readonly root: string
  readonly readTextFile: (file: string) => string | null
}

/**
 * The nearest configuration of Prisma, from the schema's folder up to the root. One above the schema's own package
 * belongs to another package, unless it names this schema or its schema is unknown.
 */
export function findPrismaConfig(search: ConfigSearch): ConfigFile | null {
  let isOtherPackage = false
  for (const folder of foldersUpward(search.schemaPath, search.root)) {
    const file = configIn(folder, search.readTextFile)
    if (file !== null && !(isOtherPackage && namesOtherSchema(file, search))) return file
    isOtherPackage ||= search.readTextFile(path.join(folder, 'package.json')) !== null
  }
  return null
}

function configIn(folder: string, readTextFile: ConfigSearch['readTextFile']): ConfigFile | null {
  for (const name of CONFIG_NAMES) {
    const file = path.join(folder, name)
    const text = readTextFile(file)
    if (text !== null) return { path: file, workingFolder: folder, text }
  }
  return null
}

function namesOtherSchema(file: ConfigFile, { schemaPath }: ConfigSearch): boolean {
  const { schema, hidesSchema } = readPrismaConfig(file)
  if (hidesSchema) return false
  const named =
    schema === null
      ? [path.join(file.workingFolder, 'prisma', 'schema.prisma'), path.join(file.workingFolder, 'schema.prisma')]
      : [path.resolve(path.dirname(file.path), schema)]
  return !named.some((candidate) => candidate === schemaPath || schemaPath.startsWith(candidate + path.sep))
}

const EXTENSIONS = ['js', 'ts', 'mjs', 'cjs', 'mts', 'cts']

/** In the order in which Prisma looks for them (`loadConfigFromFile` of `@prisma/config`). */
const CONFIG_NAMES = [
  ...['prisma7.config', path.join('.config', 'prisma7')].flatMap((name) =>
    EXTENSIONS.map((extension) => `${name}.${extension}`),
  ),
  ...['prisma.config', path.join('.config', 'prisma'), path.join('.config', 'prisma.config')].flatMap((name) => [
    ...EXTENSIONS.map((extension) => `${name}.${extension}`),
    ...EXTENSIONS.map((extension) => path.join(name, `index.${extension}`)),
  ]),
]

/**
 * Reads a configuration without running it. `variables` returns environment variables as the file sees them: `isLoaded`
 * if it has loaded `.env`. Never throws.
 */
export function readPrismaConfig(
  file: ConfigFile,
  variables: (name: string, isLoaded: boolean) => string | undefined = () => undefined,
): PrismaConfig {
  // Loaded with the first configuration: a TypeScript parser is large, and most projects have no configuration.
  const { readConfigObject } = require('./static-values') as typeof StaticValues
  const { workingFolder } = file
  const config = readConfigObject(file.text, { folder: path.dirname(file.path), workingFolder, variables })
  const schema = config.text('schema')
  const migrationsPath = config.text('migrations', 'path')
  return {
    isCertain: config.isCertain,
    isOfPrisma8: config.isOfPrisma8,
    loadsEnvironmentFile: config.loadsEnvironmentFile,
    url: config.text('datasource', 'url'),
    engine: config.text('engine'),
    hasAdapter: config.text('adapter') !== null || config.text('migrate', 'adapter') !== null,
    directUrl: config.text('datasource', 'directUrl'),
    schema: textOf(schema),
    hidesSchema: schema === null ? !config.isCertain : schema.kind !== 'text',
    migrationsPath: textOf(migrationsPath),
    hidesMigrationsPath:
      migrationsPath === null ? !config.isExported && !config.isCertain : migrationsPath.kind !== 'text',
    externalTables: config.texts('tables', 'external'),
    externalEnums: config.texts('enums', 'external'),
  }
}

export function textOf(text: StaticValues.StaticText | null): string | null {
  return text?.kind === 'text' ? text.value : null
}
