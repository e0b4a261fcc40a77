import { AuditError, WHERE_TO_SPECIFY_URL } from '../../errors'
import { datasourceSettingsOf } from '../lookup'
import type { SchemaModel } from '../model'
import type { EnvironmentVariables } from '../../platform/environment-variables'
import type { EnvironmentFiles } from './environment-files'
import { textOf, type PrismaConfig } from './prisma-config'

/** What a search for the URL has looked at. */
interface Search {
  readonly schema: SchemaModel
  readonly environment: EnvironmentVariables
}

/** `looked` are the places, each with the reason why it has no URL. */
export function urlMissing(looked: readonly string[]): AuditError {
  return new AuditError('database-url-missing', {
    what: 'No database connection URL found.',
    why: `Looked in: ${looked.join('; ')}.`,
    nextStep: `Set the variable, add it to .env, or specify the URL: ${WHERE_TO_SPECIFY_URL}.`,
  })
}

export const IGNORED_DATASOURCE = 'Prisma 6 ignores its datasource without `engine: "classic"`'

export function shortfallsOf(config: PrismaConfig, name: string, search: Search): string[] {
  const { url } = config
  const loading = config.loadsEnvironmentFile
    ? 'it is not in the .env that the file loads'
    : 'the file loads no .env (`import "dotenv/config"` would)'
  if (url === null) return [`${name}, which has no datasource.url`, shortfallOfSchema(search, loading)]
  if (url.kind === 'text' && datasourceSettingsOf(search.schema).url !== null && textOf(config.engine) !== 'classic')
    return [`${name}: ${IGNORED_DATASOURCE}`, shortfallOfSchema(search, loading)]
  if (url.kind === 'missing') return [`${name}, which needs ${url.variable}: it is not set, and ${loading}`]
  return [`${name}, whose datasource.url is empty`]
}

export function shortfallOfSchema(search: Search, reason: string): string {
  const { url } = datasourceSettingsOf(search.schema)
  return url?.kind === 'environment'
    ? `the environment variable ${url.variable}, which the schema names, and ${reason}`
    : 'the datasource of the schema, which has no `url`'
}

export function filesInWords({ names }: EnvironmentFiles, search: Search): string {
  // A variable that is set but empty also takes precedence over the files, and Prisma rejects it.
  if (variablesOfSchema(search).some((variable) => search.environment[variable] === '')) return 'it is set and empty'
  return names.length === 0 ? 'there is no .env' : `it is not set in ${names.join(' or ')}`
}

export function shortfallOfAdapter(name: string): string {
  return `${name}, whose adapter connects to the database`
}

export function variablesOfSchema(search: Search): string[] {
  const { url, directUrl } = datasourceSettingsOf(search.schema)
  return [url, directUrl].flatMap((setting) => (setting?.kind === 'environment' ? [setting.variable] : []))
}
