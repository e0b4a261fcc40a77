/** Settings under `prismaAudit.` in VS Code; the server requests them with `workspace/configuration`. */
export interface Settings {
  /** The schema, a file or a folder, relative to the workspace folder; empty: located as Prisma does. */
  readonly schema: string
  /** The policy file, relative to the workspace folder; empty: `prisma-audit.json` at the project's root. */
  readonly policyFile: string
  /** Where backups are written, relative to the project's root; empty: `backups`. */
  readonly backupDirectory: string
  /** A `pg_dump` to prefer over all others; empty: the best installed one. */
  readonly pgDumpPath: string
  /** Whether a migration saves its SQL in the project, and records it in Prisma's history if there is one. */
  readonly migrationFiles: boolean
  /** Whether the guided run rehearses the migration before it backs up. */
  readonly rehearse: boolean
  /** An empty database to rehearse in; empty: an embedded PostgreSQL. */
  readonly scratchDatabaseUrl: string
  /** Seconds between reads of the live catalog while the editor is in use; 0 disables them. */
  readonly catalogRefreshSeconds: number
  /** Whether a lens above each model shows its state. */
  readonly codeLens: boolean
  /** Whether the database's type is shown next to a field whose column differs. */
  readonly inlayHints: boolean
}

export const SETTINGS_SECTION = 'prismaAudit'

export const DEFAULT_SETTINGS: Settings = {
  schema: '',
  policyFile: '',
  backupDirectory: '',
  pgDumpPath: '',
  migrationFiles: true,
  rehearse: false,
  scratchDatabaseUrl: '',
  catalogRefreshSeconds: 30,
  codeLens: true,
  inlayHints: false,
}

/** `initializationOptions`. All except `client` are public, for editors without our client. */
export interface InitializationOptions {
  readonly databaseUrl?: string
  readonly policyFile?: string
  /** Also public, like the settings of the same names. */
  readonly codeLens?: boolean
  readonly inlayHints?: boolean
  /** Set by our client, which answers the server's requests and shows its notifications. */
  readonly client?: {
    /** False in a workspace that the user does not trust: the server then connects to nothing and runs nothing. */
    readonly trusted: boolean
    /** Whether Prisma's own extension is installed. It then reports syntax errors, and we do not. */
    readonly prismaExtensionInstalled: boolean
  }
}
