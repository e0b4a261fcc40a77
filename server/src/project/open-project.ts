import path from 'node:path'
import { schemaAmbiguous, schemaMissing, schemaNotFound, schemaNotPrisma } from './errors'
import { findSchemaPaths, locationOf, mayBeSchema } from './locate-project'
import { Project } from './project'
import type { Secrets } from '../database/secrets'
import { SourceFiles } from './source-files'
import type { EnvironmentVariables } from '../platform/environment-variables'
import type { Phrase } from '../text/phrase'

export interface OpenProjectOptions {
  /** The terminal's working folder. Absolute. */
  readonly folder: string
  /** Absolute; null: located as Prisma does. */
  readonly schemaPath: string | null
  /** Absolute; null: the nearest `prisma-audit.json`. */
  readonly policyPath: string | null
  readonly url: string | null
  /** Absolute: paths are shown relative to it; default: `folder`. */
  readonly shownFrom?: string
  readonly environment: EnvironmentVariables
  /** Values that the terminal never shows; the project adds the passwords that it finds. */
  readonly secrets: Secrets
  readonly signal?: AbortSignal
  /** Why `prisma.config.*` is not run, as a clause; default: it is run if its URL cannot be read. */
  readonly whyConfigNotRun?: string
  /** Called once with the database: its label and the source of its URL. */
  readonly onUrlFound?: (label: string, source: Phrase) => void
  /** Called with the file's name before code of the project is run to find the URL. */
  readonly onConfigRun?: (file: string) => void
}

/** Opens one project for a terminal. It is trusted, because the user runs its tools there. */
export function openProject(options: OpenProjectOptions): Project {
  const files = new SourceFiles()
  const search = { folder: options.folder, policyFile: options.policyPath, files }
  const location = locationOf(options.schemaPath ?? theSchemaIn(options.folder, files), search)
  if (files.listSchemaFiles(location.schemaPath).every((file) => files.read(file) === null)) {
    throw schemaMissing(location.schemaPath)
  }
  return new Project(location, {
    files,
    environment: options.environment,
    secrets: options.secrets,
    displayRoot: options.folder,
    urlOverride: options.url,
    reportsSyntax: true,
    storedUrl: () => Promise.resolve(null),
    isTrusted: () => true,
    ...(options.shownFrom === undefined ? {} : { shownFrom: options.shownFrom }),
    ...(options.whyConfigNotRun === undefined ? {} : { whyConfigNotRun: options.whyConfigNotRun }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onUrlFound === undefined ? {} : { onUrlFound: options.onUrlFound }),
    ...(options.onConfigRun === undefined ? {} : { onConfigRun: options.onConfigRun }),
  })
}

function theSchemaIn(folder: string, files: SourceFiles): string {
  const found = findSchemaPaths({ folder, files })
  const [first, ...others] = found
  if (first === undefined) throw schemaNotFound(folder)
  if (others.length > 0) throw schemaAmbiguous(found.map((schemaPath) => path.relative(folder, schemaPath)))
  if (!mayBeSchema(first)) throw schemaNotPrisma(first)
  return first
}
