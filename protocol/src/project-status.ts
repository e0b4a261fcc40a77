import { NotificationType } from './message-types'

export type ConnectionState =
  /** No URL was found. */
  | 'none'
  | 'connecting'
  | 'connected'
  /** The server did not respond; it is retried with increasing pauses. */
  | 'unreachable'
  /** The password or the role was rejected; not retried until the user acts. */
  | 'refused'
  /** The workspace is not trusted, so there are no connections. */
  | 'untrusted'

export interface ProjectStatus {
  /** The project's root, as a URI. */
  readonly rootUri: string
  /** The schema, a file or a folder: it identifies the project. */
  readonly schemaUri: string
  /** A document of the schema: it identifies the project in requests. */
  readonly documentUri: string
  /** The project's name: its folder in the workspace. */
  readonly name: string
  /** False: the schema is for another database, so it is compared with the policy only. */
  readonly isPostgresql: boolean
  readonly policy: 'valid' | 'none' | 'invalid'
  /** Whether the journal in the database has an interrupted migration or rollback of the project. */
  readonly hasUnfinishedMigration: boolean
  readonly connection: ConnectionState
  /** `app on localhost:5432`, never with a password; empty if no URL was found. */
  readonly databaseLabel: string
  /** The environment of the database: `remote` if it is not configured yet, null if it is not known. */
  readonly environment: 'sandbox' | 'local' | 'development' | 'staging' | 'production' | 'remote' | null
  /** Whether all commands that write are blocked. */
  readonly isReadOnly: boolean
  /** Details on the state for the user: the error's sentences, or the source of the URL. */
  readonly detail: string
  /** When the catalog was last read, in milliseconds since 1970; null before the first time. */
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
 * Server → client: the open projects, by their `schemaUri`; at the start, once, those of the workspace's folders. The
 * states of all other projects are void.
 */
export const ProjectsNotification = new NotificationType<{ readonly schemaUris: readonly string[] }>(
  'prismaAudit/projects',
)
