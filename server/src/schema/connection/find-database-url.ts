import path from 'node:path'
import { splitUrl } from '../../database/split-url'
import { datasourceSettingsOf, type UrlSetting } from '../lookup'
import type { SchemaModel } from '../model'
import {
  filesInWords,
  IGNORED_DATASOURCE,
  shortfallOfAdapter,
  shortfallOfSchema,
  shortfallsOf,
  urlMissing,
  variablesOfSchema,
} from './database-url-shortfalls'
import { environmentFiles, plainEnvironmentFile } from './environment-files'
import { executePrismaConfig, type ExecutedConfig } from './execute-prisma-config'
import { nameBelow } from './folders'
import { datasourceOfPrisma6 } from './prisma-6-engine'
import { findPrismaConfig, readPrismaConfig, textOf, type ConfigFile, type PrismaConfig } from './prisma-config'
import { isOfPrismaProtocol, withoutPrismaDev } from './prisma-protocol-url'
import { scriptEnvironmentOf } from './script-environments'
import type { EnvironmentVariables } from '../../platform/environment-variables'
import { inPlainEnglish, phrase, type Phrase } from '../../text/phrase'

export interface DatabaseUrl {
  readonly url: string
  /** The direct URL past a pooler, for migrations; null if there is none. */
  readonly directUrl: string | null
  /** Its source in words: `DATABASE_URL in backend/.env`. Never any part of the URL itself. */
  readonly source: Phrase
  /** The schemas of the database that the project uses. */
  readonly schemas: readonly string[]
  /** The schema of models without `@@schema`: the URL's `schema=`, or `public`. */
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
  /** The URL from "Connect to Database". */
  readonly stored: string | null
  readonly environment: EnvironmentVariables
  /** Why `prisma.config.*` is not run, as a clause; null: it may run. */
  readonly whyNotRun: string | Phrase | null
  readonly readTextFile: (file: string) => string | null
  /** Called with the name of a configuration just before it runs. */
  readonly onRun?: (name: string) => void
  readonly signal?: AbortSignal
}

/**
 * Finds the URL of the project's database as Prisma does: the user's URL; otherwise, with a `prisma.config.*`, its
 * environment and its `datasource.url` (in Prisma 6, only with `engine: 'classic'`); otherwise the environment variable
 * that the schema names, from the environment or from the `.env` files that Prisma loads. A configuration is read
 * without running it if all its effects are known. Any other is run in a separate process if it may run, and never
 * guessed. Throws `database-url-missing`, which lists the places searched, and errors from reading the files.
 */
export async function findDatabaseUrl(search: DatabaseUrlSearch): Promise<DatabaseUrl> {
  if (search.override)
    return found(search, { url: search.override, directUrl: null, source: phrase`the URL given at the start` })
  if (search.stored) {
    return found(search, {
      url: search.stored,
      directUrl: null,
      source: phrase`the URL given to "Connect to Database"`,
    })
  }
  const looked: Phrase[] = []
  const config = findPrismaConfig(search)
  const url = config === null ? urlOfSchemaAlone(search, looked) : await urlWithConfig(search, config, looked)
  if (url === null) throw urlMissing(looked)
  return found(search, url)
}

interface FoundUrl {
  readonly url: string
  readonly directUrl: string | null
  readonly source: Phrase
}

/** The value of an environment variable and its source in words; null if it is not set. */
type LookUp = (variable: string) => { readonly url: string; readonly source: Phrase } | null

function found(search: DatabaseUrlSearch, given: FoundUrl): DatabaseUrl {
  const { url, directUrl, source } = inPostgresProtocol(given)
  const parameter = new URLSearchParams(splitUrl(url)[1]).get('schema')
  const defaultSchema = parameter === null || parameter === '' ? 'public' : parameter
  const { schemas } = datasourceSettingsOf(search.schema)
  return { url, directUrl, source, schemas: schemas.length > 0 ? schemas : [defaultSchema], defaultSchema }
}

/** With Prisma Accelerate, only `directUrl` leads to PostgreSQL. */
function inPostgresProtocol({ url, directUrl, source }: FoundUrl): FoundUrl {
  const direct = directUrl === null ? null : withoutPrismaDev(directUrl)
  const own = withoutPrismaDev(url)
  return direct !== null && isOfPrismaProtocol(own)
    ? { url: direct, directUrl: null, source: phrase`directUrl, because ${source} is a Prisma Accelerate URL` }
    : { url: own, directUrl: direct, source }
}

/** Without a configuration, Prisma 5 and 6 load `.env` themselves, unless scripts of the package pass another file. */
function urlOfSchemaAlone(search: DatabaseUrlSearch, looked: Phrase[]): FoundUrl | null {
  const files = environmentFiles(search)
  const unknown: Phrase[] = []
  const url = urlOfSchema(search, (variable) => {
    const { environment } = search
    const inEnvironment = Object.hasOwn(environment, variable) ? environment[variable] : undefined
    if (inEnvironment !== undefined) return given(inEnvironment, phrase`the environment variable ${variable}`)
    const script = scriptEnvironmentOf(variable, search)
    if (script?.kind === 'unknown') {
      unknown.push(script.reason)
      return null
    }
    const found = script ?? files.valueOf(variable)
    return found === null ? null : given(found.value, phrase`${variable} in ${found.name}`)
  })
  if (url === null || unknown.length > 0) {
    looked.push(...(unknown.length > 0 ? unknown : [shortfallOfSchema(search, filesInWords(files, search))]), NO_CONFIG)
    return null
  }
  return url
}

function given(url: string, source: Phrase): ReturnType<LookUp> {
  return url === '' ? null : { url, source }
}

const NO_CONFIG = phrase`prisma.config.* in the folders from the schema up to the workspace folder: not found`

function urlOfSchema(search: DatabaseUrlSearch, lookUp: LookUp): FoundUrl | null {
  const settings = datasourceSettingsOf(search.schema)
  const url = resolveSetting(settings.url, lookUp)
  return url === null ? null : { ...url, directUrl: resolveSetting(settings.directUrl, lookUp)?.url ?? null }
}

function resolveSetting(setting: UrlSetting | null, lookUp: LookUp): { url: string; source: Phrase } | null {
  if (setting === null) return null
  if (setting.kind === 'literal')
    return setting.url === '' ? null : { url: setting.url, source: phrase`the schema itself` }
  return lookUp(setting.variable)
}

async function urlWithConfig(search: DatabaseUrlSearch, file: ConfigFile, looked: Phrase[]): Promise<FoundUrl | null> {
  const name = nameBelow(search.root, file.path)
  const unknown: Phrase[] = []
  const environment = plainEnvironment(search, file, unknown)
  const config = readPrismaConfig(file, (variable, isLoaded) => environment(variable, isLoaded)?.url)
  if (isKnown(config, search)) {
    const from = datasourceOfPrisma6({ ...config, engine: textOf(config.engine), schema: search.schema })
    if (from === 'adapter') {
      looked.push(shortfallOfAdapter(name))
      return null
    }
    const lookUp: LookUp = (variable) => environment(variable, config.loadsEnvironmentFile)
    const url =
      config.url === null || from === 'schema'
        ? urlOfSchemaBeside(config, search, lookUp)
        : urlOfKnownConfig(config, name, lookUp)
    if (unknown.length > 0) {
      looked.push(...withoutRepeats(unknown))
      return null
    }
    if (url === null) looked.push(...shortfallsOf(config, name, search))
    return url
  }
  if (search.whyNotRun !== null) {
    looked.push(phrase`${name}, which was not run to get its datasource.url, because ${search.whyNotRun}`)
    return null
  }
  search.onRun?.(name)
  const run = await executePrismaConfig(file, search.environment, variablesOfSchema(search), search.signal)
  if (datasourceOfPrisma6({ ...run, schema: search.schema }) === 'adapter') {
    looked.push(shortfallOfAdapter(name))
    return null
  }
  const url = urlOfRun(run, name, search)
  const other = url === null ? null : otherOfScripts(run, url.url, search)
  if (other !== null) {
    looked.push(other)
    return null
  }
  if (url === null) {
    const reason = run.url === null ? phrase`it has no datasource.url` : IGNORED_DATASOURCE
    looked.push(phrase`${name}, which was run: ${run.failure ?? reason}`)
    if (run.failure === null) looked.push(shortfallOfSchema(search, phrase`${name} does not set it`))
  }
  return url
}

/**
 * Whether everything is known that the URL depends on. Settings of dotenv in the environment may load another file or
 * override existing variables.
 */
function isKnown(config: PrismaConfig, search: DatabaseUrlSearch): boolean {
  const isRedirected =
    config.loadsEnvironmentFile && Object.keys(search.environment).some((name) => name.startsWith('DOTENV_'))
  const values = [config.url, config.directUrl, config.engine]
  return config.isCertain && !isRedirected && values.every((value) => value?.kind !== 'unknown')
}

/** Several variables have one reason, if one script sets them. */
function withoutRepeats(phrases: readonly Phrase[]): Phrase[] {
  return [...new Map(phrases.map((each) => [inPlainEnglish(each), each])).values()]
}

/** Whether scripts of the package would run the configuration with another value than it has here; null if not. */
function otherOfScripts(run: ExecutedConfig, url: string, search: DatabaseUrlSearch): Phrase | null {
  for (const variable of new Set([...run.urlVariables, ...Object.keys(run.variables)])) {
    if (Object.hasOwn(search.environment, variable)) continue
    const script = scriptEnvironmentOf(variable, search)
    if (script?.kind === 'unknown') return script.reason
    if (script?.kind === 'known' && script.value !== (run.variables[variable] ?? url))
      return phrase`${script.name}, which scripts in package.json pass to Prisma`
  }
  return null
}

/**
 * The environment of a configuration. Existing variables, even empty ones, take precedence over `.env`, and so do those
 * that scripts of the package set. Reasons why a value is unknown are added to `unknown`.
 */
function plainEnvironment(search: DatabaseUrlSearch, { workingFolder }: ConfigFile, unknown: Phrase[]) {
  let values: Readonly<Record<string, string>> | null = null
  const place = path.join(workingFolder, '.env')
  return (variable: string, isLoaded: boolean): ReturnType<LookUp> => {
    const inEnvironment = search.environment[variable]
    if (inEnvironment !== undefined) return { url: inEnvironment, source: phrase`the environment variable ${variable}` }
    const script = scriptEnvironmentOf(variable, search)
    if (script?.kind === 'unknown') {
      unknown.push(script.reason)
      return null
    }
    if (script !== null) return { url: script.value, source: phrase`${variable} in ${script.name}` }
    if (!isLoaded) return null
    values ??= plainEnvironmentFile(search.readTextFile(place) ?? '', nameBelow(search.root, place))
    const value = Object.hasOwn(values, variable) ? values[variable] : undefined
    return value === undefined ? null : { url: value, source: phrase`${variable} in ${nameBelow(search.root, place)}` }
  }
}

function urlOfKnownConfig(config: PrismaConfig, name: string, lookUp: LookUp): FoundUrl | null {
  if (config.url?.kind !== 'text' || config.url.value === '') return null
  const sources = config.url.variables.map((variable) => lookUp(variable)?.source ?? variable)
  return {
    url: config.url.value,
    directUrl: config.directUrl?.kind === 'text' && config.directUrl.value !== '' ? config.directUrl.value : null,
    source: sources.length === 0 ? named(name) : phrase`${name} (${sources})`,
  }
}

function named(name: string): Phrase {
  return phrase`${name}`
}

/** Next to a configuration, Prisma 6 loads no `.env` itself. */
function urlOfSchemaBeside(config: PrismaConfig, search: DatabaseUrlSearch, lookUp: LookUp): FoundUrl | null {
  // It is not needed, but the file fails without it.
  if (config.url?.kind === 'missing' && config.url.isFatal) return null
  return urlOfSchema(search, (variable) => {
    const value = lookUp(variable)
    return value === null || value.url === '' ? null : value
  })
}

function urlOfRun(run: ExecutedConfig, name: string, search: DatabaseUrlSearch): FoundUrl | null {
  if (run.failure !== null) return null
  const how = phrase`${name}, which was run`
  if (run.url !== null && datasourceOfPrisma6({ ...run, schema: search.schema }) !== 'schema') {
    return { url: run.url, directUrl: run.directUrl, source: withSources(how, sourcesOfRun(run, run.url, search)) }
  }
  return urlOfSchema(search, (variable) => {
    const value = run.variables[variable]
    if (value === undefined) return null
    const [source] = sourcesOfRun({ ...run, urlVariables: [variable] }, value, search)
    return { url: value, source: withSources(how, source === undefined ? [] : [source]) }
  })
}

function withSources(how: Phrase, sources: readonly (string | Phrase)[]): Phrase {
  return sources.length === 0 ? how : phrase`${how} (${sources})`
}

/** The variables that have the value, and the files among those read that set them. */
function sourcesOfRun(run: ExecutedConfig, value: string, search: DatabaseUrlSearch): (string | Phrase)[] {
  const files = run.environmentFiles.map((file) => {
    const text = search.readTextFile(file)
    const name = nameBelow(search.root, file)
    return { name, values: text === null ? {} : plainEnvironmentFile(text, name) }
  })
  return run.urlVariables.map((variable) => {
    if (search.environment[variable] === value) return phrase`the environment variable ${variable}`
    const file = files.find(({ values }) => Object.hasOwn(values, variable) && values[variable] === value)
    return file === undefined ? variable : phrase`${variable} in ${file.name}`
  })
}
