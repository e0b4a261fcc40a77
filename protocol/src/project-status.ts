import { NotificationType } from 'vscode-languageserver-protocol'

export type ConnectionState =
  /** No URL was found. */
  | 'none'
  | 'connecting'
  | 'connected'
  /** The server did not answer; tried again with growing pauses. */
  | 'unreachable'
  /** The password or the role was refused; not tried again before the user acts. */
  | 'refused'
  /** The workspace is not trusted, so nothing is connected to. */
  | 'untrusted'

export interface ProjectStatus {
  /** The project's root, as a URI. */
  readonly rootUri: string
  /** The schema, a file or a folder: what the project is told from others by. */
  readonly schemaUri: string
  /** A document of the schema: what a request names the project by. */
  readonly documentUri: string
  /** What the project is called: its folder in the workspace. */
  readonly name: string
  readonly policy: 'valid' | 'none' | 'invalid'
  /** Does the database's journal hold a migration of the project, or a rollback, that broke off? */
  readonly hasUnfinishedMigration: boolean
  readonly connection: ConnectionState
  /** `app on localhost:5432`, never with a password; empty where no URL was found. */
  readonly databaseLabel: string
  /** What the database is; `remote` where nobody has said it yet, null where it is not known. */
  readonly environment: 'sandbox' | 'local' | 'development' | 'staging' | 'production' | 'remote' | null
  /** Will no command write to it? */
  readonly isReadOnly: boolean
  /** What to tell the user about the state: the error's sentences, or where the URL came from. */
  readonly detail: string
  /** When the catalog was last read, milliseconds since 1970; null before the first reading. */
  readonly catalogReadAt: number | null
  readonly findings: {
    readonly error: number
    readonly warning: number
    readonly information: number
    readonly hint: number
  }
}

/** Server → client: a project's state changed; the client's status item shows it. */
export const StatusNotification = new NotificationType<ProjectStatus>('prismaAudit/status')

/**
 * Server → client: the projects that are open now, by their `schemaUri`; those of the workspace's folders once at the start.
 * What was told of all others holds no longer.
 */
export const ProjectsNotification = new NotificationType<{ readonly schemaUris: readonly string[] }>(
  'prismaAudit/projects',
)
