import type { Secrets } from '../database/secrets'
import type { SourceFiles } from './source-files'
import type { EnvironmentVariables } from '../platform/environment-variables'
import type { Phrase } from '../text/phrase'

/** The locations of a project. */
export interface ProjectLocation {
  /** The folder of the policy, or the package; everything that the project writes is below it. */
  readonly root: string
  /** The schema, a file or a folder. */
  readonly schemaPath: string
  /** The path of the policy, existing or not. */
  readonly policyPath: string
}

export interface ProjectSurroundings {
  readonly files: SourceFiles
  readonly environment: EnvironmentVariables
  /** Receives each connection URL that is used. */
  readonly secrets: Secrets
  /** The opened folder. */
  readonly displayRoot: string
  /** Paths are shown relative to this folder; default: the opened folder. */
  readonly shownFrom?: string
  /** A URL that takes precedence: `--url`, or the initialization option of an editor. */
  readonly urlOverride: string | null
  /** The URL that the user stored for the project, or null. */
  storedUrl(): Promise<string | null>
  /** Whether we must report syntax errors of the schema, because Prisma's extension is not installed. */
  readonly reportsSyntax: boolean
  /** Code of the project runs only in a trusted workspace. */
  isTrusted(): boolean
  /** Why `prisma.config.*` is not run even so, as a clause. */
  readonly whyConfigNotRun?: string
  /** Cancels code that is run to find the URL. */
  readonly signal?: AbortSignal
  /** Called with the database whenever it is resolved: its label and the source of its URL. */
  readonly onUrlFound?: (label: string, source: Phrase) => void
  /** Called with the name of a configuration before it is run to find the URL. */
  readonly onConfigRun?: (file: string) => void
}
