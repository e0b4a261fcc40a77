import { NotificationType, RequestType } from './message-types'

/** Server → client: returns the URL that the user stored for the project with Connect to Database, or null. */
export const StoredDatabaseUrlRequest = new RequestType<{ readonly rootUri: string }, string | null, void>(
  'prismaAudit/storedDatabaseUrl',
)

export interface ConnectParameters {
  /** Any document of the project; null: the only project, or the first one. */
  readonly documentUri: string | null
  /** The URL to try; null removes the stored one. */
  readonly url: string | null
}

export interface ConnectAnswer {
  /** The project of the URL: the key under which the client stores it. */
  readonly rootUri: string
  readonly connected: boolean
  /** The database and its host, or what went wrong and what to do. */
  readonly message: string
}

/** Client → server: use this URL from now on. It is tried once; the client stores it only if it connects. */
export const ConnectRequest = new RequestType<ConnectParameters, ConnectAnswer, void>('prismaAudit/connect')

/** Client → server: the user has trusted the workspace. */
export const TrustGrantedNotification = new NotificationType<void>('prismaAudit/trustGranted')

/** Client → server: the window regained the focus; the database may have changed since. */
export const WindowFocusedNotification = new NotificationType<void>('prismaAudit/windowFocused')
