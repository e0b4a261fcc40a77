import type { Secrets } from '../database/secrets'
import type { SourceFiles } from './source-files'
import type { EnvironmentVariables } from '../platform/environment-variables'

/** Where a project stands. */
export interface ProjectLocation {
  /** The folder that the policy stands in, or the package; everything that the project writes stands below it. */
  readonly root: string
  /** The schema, a file or a folder. */
  readonly schemaPath: string
  /** Where the policy is, or would be. */
  readonly policyPath: string
}

export interface ProjectSurroundings {
  readonly files: SourceFiles
  readonly environment: EnvironmentVariables
  /** Told of each connection URL that is used. */
  readonly secrets: Secrets
  /** What was opened, a folder. */
  readonly displayRoot: string
  /** Paths are shown relative to this folder; left out: to what was opened. */
  readonly shownFrom?: string
  /** A URL that goes before all others: `--url`, or the initialization option of an editor. */
  readonly urlOverride: string | null
  /** The URL that the user stored for the project, or null. */
  storedUrl(): Promise<string | null>
  /** Is nobody else there to report syntax errors of the schema? */
  readonly reportsSyntax: boolean
  /** Only in a trusted workspace is code of the project run. */
  isTrusted(): boolean
  /** Gives up what is run to find the URL. */
  readonly signal?: AbortSignal
  /** Called with the database that is used, whenever it is found afresh: its label and where its URL stands. */
  readonly onUrlFound?: (label: string, source: string) => void
  /** Called before a configuration is run to find the URL, with its name. */
  readonly onConfigRun?: (file: string) => void
}

export interface ProjectSettings {
  /** Relative to the project's root; empty: `backups`. */
  readonly backupDirectory: string
  /** Empty: the best one that is installed. */
  readonly pgDumpPath: string
  /** Does a migration leave its SQL in the project? */
  readonly migrationFiles: boolean
  /** Empty: an embedded PostgreSQL. */
  readonly scratchDatabaseUrl: string
  readonly rehearse: boolean
}

export interface OtherLanguage {
  /** The schema file or the configuration that says it. */
  readonly file: string
  readonly isSchema: boolean
  /** `Prisma 8` */
  readonly what: string
}
