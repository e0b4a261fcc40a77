/** Settings under `prismaAudit.` in VS Code; the server asks for them with `workspace/configuration`. */
export interface Settings {
  /** The schema, a file or a folder, relative to the workspace folder; empty: found as Prisma finds it. */
  readonly schema: string
  /** The policy file, relative to the workspace folder; empty: `prisma-audit.json` at the project's root. */
  readonly policyFile: string
  /** Where backups are written, relative to the project's root; empty: `backups`. */
  readonly backupDirectory: string
  /** A `pg_dump` to use before all others that are found; empty: the best one installed. */
  readonly pgDumpPath: string
  /** Does a migration leave its SQL in the project, and record it in Prisma's history where there is one? */
  readonly migrationFiles: boolean
  /** Whether the guided run rehearses the migration before it backs up. */
  readonly rehearse: boolean
  /** An empty database to rehearse in; empty: an embedded PostgreSQL. */
  readonly scratchDatabaseUrl: string
  /** Seconds between looks at the live catalog while the editor is in use; 0 turns them off. */
  readonly catalogRefreshSeconds: number
  /** Is it shown above each model how it stands? */
  readonly codeLens: boolean
  /** Is the database's type shown beside a field whose column differs? */
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

/** `initializationOptions`. All but `client` are public, for editors without our client. */
export interface InitializationOptions {
  readonly databaseUrl?: string
  readonly policyFile?: string
  /** Public, too: as the settings of the same names. */
  readonly codeLens?: boolean
  readonly inlayHints?: boolean
  /** Set by our client: it answers the server's requests below and shows its notifications. */
  readonly client?: {
    /** False in a workspace that the user does not trust: nothing is connected to or run. */
    readonly trusted: boolean
    /** Is Prisma's own extension installed? Then it reports syntax errors, and we do not. */
    readonly prismaExtensionInstalled: boolean
  }
}
