import { AuditError, WHERE_TO_SPECIFY_URL } from '../../errors'
import { datasourceSettingsOf } from '../lookup'
import type { SchemaModel } from '../model'
import type { EnvironmentVariables } from '../../platform/environment-variables'
import type { EnvironmentFiles } from './environment-files'
import { textOf, type PrismaConfig } from './prisma-config'
import { eitherOf, oneByOne, phrase, type Phrase } from '../../text/phrase'

/** What a search for the URL has looked at. */
interface Search {
  readonly schema: SchemaModel
  readonly environment: EnvironmentVariables
}

/** `looked` are the places, each with the reason why it has no URL. */
export function urlMissing(looked: readonly Phrase[]): AuditError {
  return new AuditError('database-url-missing', {
    what: phrase`No database connection URL found.`,
    why: phrase`Looked in: ${oneByOne(looked)}.`,
    nextStep: phrase`Set the variable, add it to .env, or specify the URL: ${WHERE_TO_SPECIFY_URL}.`,
  })
}

export const IGNORED_DATASOURCE = phrase`Prisma 6 ignores its datasource without \`engine: "classic"\``

export function shortfallsOf(config: PrismaConfig, name: string, search: Search): Phrase[] {
  const { url } = config
  const loading = config.loadsEnvironmentFile
    ? phrase`it is not in the .env that the file loads`
    : phrase`the file loads no .env (\`import "dotenv/config"\` would)`
  if (url === null) return [phrase`${name}, which has no datasource.url`, shortfallOfSchema(search, loading)]
  if (url.kind === 'text' && datasourceSettingsOf(search.schema).url !== null && textOf(config.engine) !== 'classic')
    return [phrase`${name}: ${IGNORED_DATASOURCE}`, shortfallOfSchema(search, loading)]
  if (url.kind === 'missing') return [phrase`${name}, which needs ${url.variable}: it is not set, and ${loading}`]
  return [phrase`${name}, whose datasource.url is empty`]
}

export function shortfallOfSchema(search: Search, reason: Phrase): Phrase {
  const { url } = datasourceSettingsOf(search.schema)
  return url?.kind === 'environment'
    ? phrase`the environment variable ${url.variable}, which the schema names, and ${reason}`
    : phrase`the datasource of the schema, which has no \`url\``
}

export function filesInWords({ names }: EnvironmentFiles, search: Search): Phrase {
  // A variable that is set but empty also takes precedence over the files, and Prisma rejects it.
  if (variablesOfSchema(search).some((variable) => search.environment[variable] === ''))
    return phrase`it is set and empty`
  return names.length === 0 ? phrase`there is no .env` : phrase`it is not set in ${eitherOf(names)}`
}

export function shortfallOfAdapter(name: string): Phrase {
  return phrase`${name}, whose adapter connects to the database`
}

export function variablesOfSchema(search: Search): string[] {
  const { url, directUrl } = datasourceSettingsOf(search.schema)
  return [url, directUrl].flatMap((setting) => (setting?.kind === 'environment' ? [setting.variable] : []))
}
