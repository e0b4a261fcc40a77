import { AuditError } from '../../errors'
import { datasourceSettingsOf, type UrlSetting } from '../lookup'
import type { SchemaModel } from '../model'
import { environmentFiles, type EnvironmentFile } from './environment-files'
import { executePrismaConfig } from './execute-prisma-config'
import { nameBelow } from './folders'
import { findPrismaConfig, readPrismaConfig, type PrismaConfig } from './prisma-config'
import type { StaticText } from './static-values'

export interface DatabaseUrl {
  readonly url: string
  /** Past a pooler, for migrations; null where there is none. */
  readonly directUrl: string | null
  /** Where it was found, in words: `DATABASE_URL in backend/.env`. Never any part of the URL itself. */
  readonly source: string
  /** The schemas of the database that the project uses. */
  readonly schemas: readonly string[]
  /** Where models without `@@schema` are: the URL's `schema=`, or `public`. */
  readonly defaultSchema: string
}

export interface DatabaseUrlSearch {
  readonly schema: SchemaModel
  /** The schema's file or folder. */
  readonly schemaPath: string
  /** The workspace folder: nothing above it is read. */
  readonly root: string
  /** `--url`, or `databaseUrl` of an editor's initialization options. */
  readonly override: string | null
  /** What the user gave to "Connect to Database". */
  readonly stored: string | null
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Only then may `prisma.config.*` be run. */
  readonly trusted: boolean
  readonly readTextFile: (file: string) => string | null
  readonly signal?: AbortSignal
}

/**
 * Finds the URL of the project's database as Prisma would: what the user gave, the environment variable that the schema
 * names, `.env` beside the schema or above it, then `prisma.config.*`, read without running it, and run in a process of
 * its own only where reading is not enough and the workspace is trusted.
 *
 * Throws `database-url-missing`, which lists where it looked.
 */
export async function findDatabaseUrl(search: DatabaseUrlSearch): Promise<DatabaseUrl> {
  if (search.override)
    return found(search, { url: search.override, directUrl: null, source: 'the URL given at the start' })
  if (search.stored) {
    return found(search, { url: search.stored, directUrl: null, source: 'the URL given to "Connect to Database"' })
  }
  const looked: string[] = []
  const files = environmentFiles(search)
  const inSchema = urlOfSchema(search, files, looked)
  if (inSchema !== null) return found(search, inSchema)
  const inConfig = await urlOfConfig(search, files, looked)
  if (inConfig !== null) return found(search, inConfig)
  throw urlMissing(looked)
}

interface FoundUrl {
  readonly url: string
  readonly directUrl: string | null
  readonly source: string
}

function found(search: DatabaseUrlSearch, { url, directUrl, source }: FoundUrl): DatabaseUrl {
  const mark = url.indexOf('?')
  const parameter = mark === -1 ? null : new URLSearchParams(url.slice(mark + 1)).get('schema')
  const defaultSchema = parameter === null || parameter === '' ? 'public' : parameter
  const { schemas } = datasourceSettingsOf(search.schema)
  return { url, directUrl, source, schemas: schemas.length > 0 ? schemas : [defaultSchema], defaultSchema }
}

function urlOfSchema(search: DatabaseUrlSearch, files: readonly EnvironmentFile[], looked: string[]): FoundUrl | null {
  const settings = datasourceSettingsOf(search.schema)
  const url = resolveSetting(settings.url, search, files)
  if (url === null) {
    looked.push(
      settings.url?.kind === 'environment'
        ? `the environment variable ${settings.url.variable}, which the schema names, and ${filesInWords(files)}`
        : 'the datasource of the schema, which has no url',
    )
    return null
  }
  return { ...url, directUrl: resolveSetting(settings.directUrl, search, files)?.url ?? null }
}

function resolveSetting(
  setting: UrlSetting | null,
  search: DatabaseUrlSearch,
  files: readonly EnvironmentFile[],
): { url: string; source: string } | null {
  if (setting === null) return null
  if (setting.kind === 'literal') return setting.url === '' ? null : { url: setting.url, source: 'the schema itself' }
  return lookUp(setting.variable, search, files)
}

/** The environment goes before the files, as with dotenv. */
function lookUp(variable: string, search: DatabaseUrlSearch, files: readonly EnvironmentFile[]) {
  const inEnvironment = search.environment[variable]
  if (inEnvironment) return { url: inEnvironment, source: `the environment variable ${variable}` }
  for (const file of files) {
    const value = file.values[variable]
    if (value) return { url: value, source: `${variable} in ${file.name}` }
  }
  return null
}

async function urlOfConfig(
  search: DatabaseUrlSearch,
  files: readonly EnvironmentFile[],
  looked: string[],
): Promise<FoundUrl | null> {
  const file = findPrismaConfig(search)
  if (file === null) {
    looked.push('prisma.config.* in the folders from the schema up to the workspace folder: there is none')
    return null
  }
  const name = nameBelow(search.root, file.path)
  const variables = (variable: string) => lookUp(variable, search, files)?.url
  const config = readPrismaConfig(file, variables)
  const read = fromConfig(config, name, (variable) => lookUp(variable, search, files)?.source ?? '')
  if (read !== null) return read
  const shortfall = shortfallOf(config, name)
  if (!search.trusted) {
    looked.push(`${shortfall}; it is not run, since the workspace is not trusted`)
    return null
  }
  const run = await executePrismaConfig(file.path, search.environment, search.signal)
  if (run.url) return { url: run.url, directUrl: run.directUrl, source: `${name}, which was run` }
  looked.push(`${shortfall}; running it gave none either: ${run.failure ?? 'it has no datasource.url'}`)
  return null
}

function fromConfig(config: PrismaConfig, name: string, sourceOf: (variable: string) => string): FoundUrl | null {
  if (config.url?.kind !== 'text' || config.url.value === '') return null
  const sources = config.url.variables.map(sourceOf)
  return {
    url: config.url.value,
    directUrl: config.directUrl?.kind === 'text' ? config.directUrl.value : null,
    source: sources.length === 0 ? name : `${name} (${sources.join(', ')})`,
  }
}

function shortfallOf(config: PrismaConfig, name: string): string {
  const url: StaticText | null = config.url
  if (url === null) return `${name}, in which no datasource.url is to be seen`
  if (url.kind === 'missing') return `${name}, which wants ${url.variable}, and that is set nowhere`
  return `${name}, whose datasource.url only shows when the file is run`
}

function filesInWords(files: readonly EnvironmentFile[]): string {
  return files.length === 0 ? 'there is no .env' : `it is not in ${files.map((file) => file.name).join(' or ')}`
}

function urlMissing(looked: readonly string[]): AuditError {
  return new AuditError('database-url-missing', {
    what: 'It is not known where the database is: no connection URL was found.',
    why: `Looked in: ${looked.join('; ')}.`,
    nextStep: 'Set the variable, put it into .env, give --url, or run "Prisma Audit: Connect to Database".',
  })
}
