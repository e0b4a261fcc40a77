import path from 'node:path'
import { schemaAmbiguous, schemaMissing, schemaNotFound } from './errors'
import { findSchemaPaths, locationOf } from './locate-project'
import { Project } from './project'
import type { Secrets } from '../database/secrets'
import { SourceFiles } from './source-files'
import type { EnvironmentVariables } from '../platform/environment-variables'

export interface OpenProjectOptions {
  /** Where the terminal stands. Absolute. */
  readonly folder: string
  /** Absolute; null: found as Prisma finds it. */
  readonly schemaPath: string | null
  /** Absolute; null: the nearest `prisma-audit.json`. */
  readonly policyPath: string | null
  readonly url: string | null
  /** Absolute: paths are shown relative to it; left out: to `folder`. */
  readonly shownFrom?: string
  readonly environment: EnvironmentVariables
  /** What the terminal never shows; the project adds the passwords that it finds. */
  readonly secrets: Secrets
  readonly signal?: AbortSignal
  /** Called once with the database that is used: its label and where its URL was found. */
  readonly onUrlFound?: (label: string, source: string) => void
  /** Called before code of the project is run to find the URL, with the file's name. */
  readonly onConfigRun?: (file: string) => void
}

/** Opens one project for a terminal: it stands in its own folder and is trusted, since the user runs its tools there. */
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
  return first
}
